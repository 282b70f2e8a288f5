#include "core/tasks/dialogue.h"

#include "core/chat/chat_template.h"
#include "core/util/error.h"

namespace retort {
namespace {

std::string plain(const std::vector<Message>& turns) {
    std::string text;
    for (Message turn : turns) {
        if (!turn.role.empty() && turn.role[0] >= 'a' && turn.role[0] <= 'z')
            turn.role[0] = char(turn.role[0] - 'a' + 'A');
        text += turn.role + ": " + turn.content + "\n";
    }
    return text + "Assistant: ";
}

}  // namespace

DialogueFormat::DialogueFormat(const std::filesystem::path& folder) {
    try {
        auto chat = std::make_shared<ChatFormat>(loadChatFormat(folder));
        if (!chat->templates.empty()) m_chat = std::move(chat);
    } catch (const Error& error) {
        m_fault = error.what();
    }
}

std::string DialogueFormat::rendered(const std::vector<Message>& turns, bool addGenerationPrompt) const {
    if (!m_fault.empty())
        throw Error("the checkpoint's chat template is of no use: " + m_fault, "",
                    "set data.files.N.chat_template: none to write conversations plainly");
    Json messages = Json::array();
    for (const Message& turn : turns) messages.push_back({{"role", turn.role}, {"content", turn.content}});
    ChatOptions options;
    options.addGenerationPrompt = addGenerationPrompt;
    return m_chat->render(messages, std::move(options)).text;
}

std::string DialogueFormat::prompt(const std::vector<Message>& turns) const {
    return hasTemplate() ? rendered(turns, true) : plain(turns);
}

std::string DialogueFormat::reply(const std::vector<Message>& turns, const std::string& content) const {
    if (!hasTemplate()) return content;
    const std::string before = rendered(turns, true);
    std::vector<Message> all = turns;
    all.push_back({"assistant", content});
    std::string whole = rendered(all, false);
    if (!whole.starts_with(before))
        throw Error(
            "the chat template writes a finished turn of the assistant otherwise than it asks for one", "",
            "set data.files.N.chat_template: none, or give prompt and completion as texts");
    whole.erase(0, before.size());
    const std::string end = m_chat->specialTokens.value("eos_token", std::string());
    const std::size_t text = whole.find_last_not_of(" \t\r\n") + 1;
    if (!end.empty() && std::string_view(whole).substr(0, text).ends_with(end))
        whole.resize(text - end.size());
    return whole;
}

}  // namespace retort

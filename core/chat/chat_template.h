// Chat templates: how a model's tokenizer says that messages become the text that the model was trained on. A
// subset of Jinja, as transformers' apply_chat_template runs it (trim_blocks, lstrip_blocks, loop controls,
// an immutable sandbox, `generation` blocks); what is not in the subset is refused with its name and line,
// never guessed.
#pragma once

#include <ctime>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/chat/limits.h"
#include "core/util/json.h"

namespace retort {

/// What a template is given beside the messages.
struct ChatOptions {
    bool addGenerationPrompt = false;
    Json tools;      ///< descriptions of functions, as OpenAI has them; null: none
    Json documents;  ///< null: none
    /// More names: bos_token and its like, and what a model's template knows (enable_thinking …).
    Json variables = Json::object();
    std::time_t now = 0;  ///< for strftime_now; 0: the present
    chat::ChatLimits limits;
};

struct RenderedChat {
    std::string text;
    /// What `generation` blocks wrote, as [begin, end) in bytes of `text`: the parts that the assistant said.
    std::vector<std::pair<std::size_t, std::size_t>> generated;
};

class ChatTemplate {
  public:
    /// Throws Error for what is not understood; `where` names the template in messages
    /// ("chat_template.jinja").
    explicit ChatTemplate(const std::string& source, const std::string& where = "chat template");

    /// `messages`: a list of {role, content, …}. Throws Error, with the template's line: for messages that
    /// the template refuses, for what it asks and does not exist, and when it costs more than
    /// `options.limits`. Callable from several threads.
    RenderedChat render(const Json& messages, const ChatOptions& options = {}) const;

    const std::string& source() const;
    bool hasGenerationBlocks() const;

  private:
    struct Parsed;
    std::shared_ptr<const Parsed> m_parsed;
};

/// The templates of a tokenizer's folder, and its special tokens' texts, which templates use as variables.
struct ChatFormat {
    std::map<std::string, ChatTemplate> templates;  ///< "default", and others by their names ("tool_use")
    Json specialTokens = Json::object();            ///< {"bos_token": "<s>", …}

    /// With the special tokens as variables, and as transformers chooses: "tool_use" for tools, where there
    /// is one. Throws Error when there is no template.
    RenderedChat render(const Json& messages, ChatOptions options = {}) const;
};

/// chat_template.jinja (and additional_chat_templates/*.jinja), else the member chat_template of
/// tokenizer_config.json: a text, or a list of {name, template}. No template is no error. Throws Error for
/// damaged files.
ChatFormat loadChatFormat(const std::filesystem::path& folder);

}  // namespace retort

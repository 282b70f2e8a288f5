// Conversations as the text that a model is trained on.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/datasets/example.h"

namespace retort {

struct ChatFormat;

/// By a checkpoint's chat template; without one as "User: …\nAssistant: ".
class DialogueFormat {
  public:
    DialogueFormat() = default;
    /// That of a checkpoint's folder. A template that is not understood is an error when it is used, not
    /// before: the data may hold no conversation.
    explicit DialogueFormat(const std::filesystem::path& folder);

    bool hasTemplate() const { return m_chat != nullptr || !m_fault.empty(); }

    /// What the assistant's next turn is written behind. Throws Error where the template refuses the turns.
    std::string prompt(const std::vector<Message>& turns) const;
    /// The assistant's turn behind that prompt, without the end-of-sequence token, which training adds.
    /// Throws Error where the template writes a finished turn otherwise than it asks for one.
    std::string reply(const std::vector<Message>& turns, const std::string& content) const;

  private:
    std::string rendered(const std::vector<Message>& turns, bool addGenerationPrompt) const;

    std::shared_ptr<const ChatFormat> m_chat;
    std::string m_fault;
};

}  // namespace retort

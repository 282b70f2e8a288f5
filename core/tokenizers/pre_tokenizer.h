// How tokenizer.json's `pre_tokenizer` cuts text into the words that merges do not cross.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/tokenizers/json_construct.h"
#include "core/tokenizers/split_pattern.h"

namespace retort {

/// Where words lie: in the text, or in `changed` where a step put something before or into them.
struct Words {
    std::vector<std::string_view> list;
    std::deque<std::string> changed;  // its elements stay where they are
};

class PreTokenizer {
  public:
    /// GPT-2's: its pattern, and bytes.
    static PreTokenizer gpt2();

    /// ByteLevel (at the end only), Metaspace, Split, Digits, and sequences of them; null: the text is one
    /// word. Throws Error for others, by name.
    explicit PreTokenizer(const simdjson::dom::element& json);

    /// Words are bytes that the model looks up one by one, not characters.
    bool isByteLevel() const { return m_byteLevel; }
    /// `atStart`: the text is the first part of all that is encoded.
    void split(std::string_view text, bool atStart, Words& words) const;

    /// What identifies it in Tokenizer::hash().
    const std::string& description() const { return m_description; }
    bool addsPrefixSpace() const { return m_addsPrefixSpace; }

  private:
    PreTokenizer() = default;

    struct PrefixSpace {};
    enum class PrependScheme { Always, First, Never };
    struct Metaspace {
        std::string replacement;
        PrependScheme scheme;
        bool split;
    };
    struct Digits {
        bool individual;
    };
    using Step = std::variant<SplitPattern, PrefixSpace, Metaspace, Digits>;
    // A word of an earlier step; the last step's are plain views.
    struct Part {
        std::string_view text;
        bool atStart;
    };
    struct Cut {
        std::vector<Part> parts;
        std::deque<std::string>& changed;
    };

    void readStep(const JsonConstruct& construct);
    void readByteLevel(const JsonFields& fields);
    void readMetaspace(const JsonFields& fields);
    void addSplit(SplitPattern pattern);
    static void apply(const SplitPattern& pattern, const Part& part, Cut& cut);
    static void apply(const PrefixSpace&, const Part& part, Cut& cut);
    static void apply(const Metaspace& metaspace, const Part& part, Cut& cut);
    static void apply(const Digits& digits, const Part& part, Cut& cut);

    std::vector<Step> m_steps;
    bool m_byteLevel = false, m_addsPrefixSpace = false;
    std::string m_description;
};

}  // namespace retort

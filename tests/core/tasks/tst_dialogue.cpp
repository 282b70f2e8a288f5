// Conversations as text: plainly, and by the chat templates of models.
#include <QTemporaryDir>
#include <QTest>

#include "core/tasks/dialogue.h"
#include "core/tasks/jsonl_data.h"
#include "core/tasks/preference_file.h"
#include "core/util/error.h"
#include "core/util/files.h"

using namespace retort;
namespace fs = std::filesystem;

class TestDialogue : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    DialogueFormat format(const char* name, const char* eos) const {
        const fs::path folder = fs::path(m_folder.path().toStdString()) / name;
        fs::create_directories(folder);
        writeFileAtomically(folder / "chat_template.jinja",
                            readFile(fs::path(RETORT_TEMPLATES) / (std::string(name) + ".jinja")));
        writeFileAtomically(folder / "tokenizer_config.json",
                            std::string("{\"eos_token\": \"") + eos + "\", \"bos_token\": \"<bos>\"}");
        return DialogueFormat(folder);
    }
    FileSettings file(const std::string& content, const char* chatTemplate = "auto") const {
        FileSettings settings;
        settings.path = m_folder.filePath("rows.jsonl").toStdString();
        settings.chat_template = chatTemplate;
        writeFileAtomically(settings.path, content);
        return settings;
    }

  private Q_SLOTS:
    void plain() {
        const DialogueFormat format;
        QVERIFY(!format.hasTemplate());
        QCOMPARE(format.prompt({{"system", "Be short."}, {"user", "2+2?"}}),
                 std::string("System: Be short.\nUser: 2+2?\nAssistant: "));
        QCOMPARE(format.reply({{"user", "2+2?"}}, "4"), std::string("4"));
    }

    // Prompt and reply together are what the template makes of the whole conversation, up to the end token.
    void byTemplate() {
        const DialogueFormat chatml = format("chatml", "<|im_end|>");
        QCOMPARE(chatml.prompt({{"user", "2+2?"}}),
                 std::string("<|im_start|>user\n2+2?<|im_end|>\n<|im_start|>assistant\n"));
        QCOMPARE(chatml.reply({{"user", "2+2?"}}, "4"), std::string("4"));
        const DialogueFormat llama = format("llama3", "<|eot_id|>");
        QVERIFY(
            llama.prompt({{"user", "2+2?"}}).ends_with("<|start_header_id|>assistant<|end_header_id|>\n\n"));
        QCOMPARE(llama.reply({{"user", "2+2?"}}, "4"), std::string("4"));
        const DialogueFormat qwen3 = format("qwen3", "<|im_end|>");
        QCOMPARE(qwen3.reply({{"user", "2+2?"}}, "<think>\nsum\n</think>\n\n4"),
                 std::string("<think>\nsum\n</think>\n\n4"));
    }

    void templatesThatCannotBeUsed() {
        const fs::path folder = fs::path(m_folder.path().toStdString()) / "broken";
        fs::create_directories(folder);
        writeFileAtomically(folder / "chat_template.jinja", "{% macro %}");
        const DialogueFormat broken{folder};  // no error yet
        QVERIFY_EXCEPTION_THROWN(broken.prompt({{"user", "a"}}), Error);
        // A finished turn that is written otherwise.
        writeFileAtomically(folder / "chat_template.jinja",
                            "{{ messages | length }}{% for m in messages %}{{ m.content }}{% endfor %}");
        const DialogueFormat counting{folder};
        QCOMPARE(counting.prompt({{"user", "a"}}), std::string("1a"));
        QVERIFY_EXCEPTION_THROWN(counting.reply({{"user", "a"}}, "b"), Error);
    }

    void rowsAreWrittenByTheTemplate() {
        const DialogueFormat chatml = format("chatml", "<|im_end|>");
        const std::string user = "<|im_start|>user\n1+1?<|im_end|>\n<|im_start|>assistant\n";
        const std::string messages =
            R"({"messages": [{"role": "user", "content": "1+1?"}, {"role": "assistant", "content": "so\n#### 2"}]})";
        DataRow row = readJsonl(file(messages), chatml).at(0);
        QCOMPARE(row.prompt, user);
        QCOMPARE(row.completion, std::string("so\n#### 2"));
        QCOMPARE(row.answer, std::string("2"));
        QCOMPARE(readJsonl(file(messages, "none"), chatml).at(0).prompt,
                 std::string("User: 1+1?\nAssistant: "));
        const std::string texts = R"({"prompt": "1+1?", "completion": "2"})";
        QCOMPARE(readJsonl(file(texts), chatml).at(0).prompt, std::string("1+1?"));
        QCOMPARE(readJsonl(file(texts, "always"), chatml).at(0).prompt, user);
        QCOMPARE(readJsonl(file(texts, "always")).at(0).prompt, std::string("1+1?"));
        const auto pairs = readPreferencePairs(
            file(R"({"prompt": [{"role": "user", "content": "1+1?"}], "chosen": [{"role": "assistant", )"
                 R"("content": "2"}], "rejected": [{"role": "assistant", "content": "3"}]})")
                .path,
            chatml);
        QCOMPARE(pairs.at(0).prompt, user);
        QCOMPARE(pairs.at(0).chosen, std::string("2"));
    }
};

QTEST_GUILESS_MAIN(TestDialogue)
#include "tst_dialogue.moc"

#include "training/backends/remote/secrets.h"

#include <algorithm>

#include "core/store/store.h"
#include "core/util/error.h"

#ifdef RETORT_HAS_KEYCHAIN
#include <qt6keychain/keychain.h>

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QSemaphore>
#include <QThread>
#include <memory>
#endif

namespace retort {
namespace {

constexpr std::size_t longestName = 128, longestValue = 16 << 10;

#ifdef RETORT_HAS_KEYCHAIN
constexpr qint64 longestMs = 120000;
constexpr int stepMs = 100;

struct Answer {
    QKeychain::Error code = QKeychain::NoError;
    QString text;
    QByteArray value;
};

QString keyOf(const std::string& machine, const std::string& name) {
    return QString::fromStdString(machine + "/" + name);
}

/// The keychain is asked in the program's own thread, whose loop its answers come by.
Answer asked(const std::function<QKeychain::Job*()>& make, const std::function<bool()>& stop) {
    struct State {
        QSemaphore done;
        Answer answer;
    };
    const auto state = std::make_shared<State>();
    const auto begin = [state, make] {
        QKeychain::Job* job = make();
        QObject::connect(job, &QKeychain::Job::finished, job, [state](QKeychain::Job* over) {
            state->answer.code = over->error();
            state->answer.text = over->errorString();
            if (auto* read = qobject_cast<QKeychain::ReadPasswordJob*>(over))
                state->answer.value = read->textData().toUtf8();
            state->done.release();
        });
        job->start();
    };
    const bool isHere = QThread::currentThread() == QCoreApplication::instance()->thread();
    if (isHere)
        begin();
    else
        QMetaObject::invokeMethod(QCoreApplication::instance(), begin, Qt::QueuedConnection);
    QElapsedTimer clock;
    clock.start();
    while (!state->done.tryAcquire(1, isHere ? 0 : stepMs)) {
        if (stop && stop()) throw Error("cancelled", "keychain");
        if (clock.hasExpired(longestMs)) throw Error("the keychain does not answer", "keychain");
        if (!isHere) continue;
        QCoreApplication::processEvents(QEventLoop::AllEvents, stepMs);
        QThread::msleep(1);
    }
    return state->answer;
}

Answer readOne(const std::string& machine, const std::string& name, const std::function<bool()>& stop) {
    return asked(
        [machine, name] {
            auto* job = new QKeychain::ReadPasswordJob(QStringLiteral("retort"));
            job->setKey(keyOf(machine, name));
            return job;
        },
        stop);
}

Error refused(const Answer& answer, const std::string& name) {
    return Error("the keychain refuses: " + answer.text.toStdString(), name,
                 "is a keychain running and unlocked (GNOME Keyring, KWallet)?");
}
#else
constexpr const char* notBuilt = "Retort was built without QtKeychain (Debian: qtkeychain-qt6-dev)";
#endif

}  // namespace

std::string problemOfSecretName(const std::string& name) {
    const auto isLetter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; };
    const auto isPart = [&](char c) { return isLetter(c) || (c >= '0' && c <= '9'); };
    if (name.empty() || !isLetter(name[0]) || !std::all_of(name.begin(), name.end(), isPart))
        return "the name of a variable has letters, digits and _, and no digit first";
    if (name.size() > longestName) return "the name is longer than 128 bytes";
    if (name == "PATH" || name == "HOME" || name == "IFS" || name.rfind("LD_", 0) == 0)
        return name + " is none of yours to keep secret";
    return "";
}

std::string problemOfSecretValue(const std::string& value) {
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (value.empty()) return "the value is empty";
    if (value.size() > longestValue) return "the value is longer than 16 KB";
    if (std::any_of(value.begin(), value.end(), isControl)) return "the value is more than one line of text";
    return "";
}

std::string secretsSetting(const std::string& machine) {
    return "machine-secrets:" + machine;
}

std::vector<std::string> secretNames(StoreReader& reader, const std::string& machine) {
    std::vector<std::string> names;
    const std::optional<Json> setting = reader.setting(secretsSetting(machine));
    if (!setting || !setting->is_array()) return names;
    for (const Json& name : *setting)
        if (name.is_string() && problemOfSecretName(name.get<std::string>()).empty())
            names.push_back(name.get<std::string>());
    return names;
}

#ifdef RETORT_HAS_KEYCHAIN

std::string keychainTrouble(const std::function<bool()>& stop) try {
    const Answer answer = readOne("", "is anybody there?", stop);
    if (answer.code == QKeychain::NoError || answer.code == QKeychain::EntryNotFound) return "";
    return "no keychain answers here (GNOME Keyring, KWallet): " + answer.text.toStdString();
} catch (const Error& error) {
    return error.what_happened();
}

Secrets readSecrets(const std::string& machine, const std::vector<std::string>& names,
                    const std::function<bool()>& stop) {
    Secrets secrets;
    for (const std::string& name : names) {
        const Answer answer = readOne(machine, name, stop);
        if (answer.code == QKeychain::EntryNotFound)
            throw Error("the keychain has no value for it", name,
                        "set it in the machine's settings, or remove it there");
        if (answer.code != QKeychain::NoError) throw refused(answer, name);
        secrets[name] = answer.value.toStdString();
    }
    return secrets;
}

void writeSecret(const std::string& machine, const std::string& name, const std::string& value,
                 const std::function<bool()>& stop) {
    const Answer answer = asked(
        [machine, name, value] {
            auto* job = new QKeychain::WritePasswordJob(QStringLiteral("retort"));
            job->setKey(keyOf(machine, name));
            job->setTextData(QString::fromStdString(value));
            return job;
        },
        stop);
    if (answer.code != QKeychain::NoError) throw refused(answer, name);
}

void removeSecret(const std::string& machine, const std::string& name, const std::function<bool()>& stop) {
    const Answer answer = asked(
        [machine, name] {
            auto* job = new QKeychain::DeletePasswordJob(QStringLiteral("retort"));
            job->setKey(keyOf(machine, name));
            return job;
        },
        stop);
    if (answer.code != QKeychain::NoError && answer.code != QKeychain::EntryNotFound)
        throw refused(answer, name);
}

#else

std::string keychainTrouble(const std::function<bool()>&) {
    return notBuilt;
}

Secrets readSecrets(const std::string&, const std::vector<std::string>& names, const std::function<bool()>&) {
    if (names.empty()) return {};
    throw Error(std::string("the machine's secrets cannot be read: ") + notBuilt, names.front());
}

void writeSecret(const std::string&, const std::string& name, const std::string&,
                 const std::function<bool()>&) {
    throw Error(notBuilt, name);
}

void removeSecret(const std::string&, const std::string&, const std::function<bool()>&) {}

#endif

void forgetSecrets(StoreReader& reader, StoreWriter& writer, const std::string& machine,
                   const std::function<bool()>& stop) {
    const std::vector<std::string> names = secretNames(reader, machine);
    if (names.empty()) return;
    for (const std::string& name : names) try {
            removeSecret(machine, name, stop);
        } catch (const Error&) {
        }
    writer.setSetting(secretsSetting(machine), Json::array()).get();
}

}  // namespace retort

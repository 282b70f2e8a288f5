#include "training/backends/remote/transfer.h"

#include <QCryptographicHash>
#include <QFile>
#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <sstream>

#include "core/util/files.h"
#include "training/backends/remote/shell_quote.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr qsizetype pieceBytes = 256 << 10;
constexpr int mostTries = 3;  // of content that arrives as another one

// What the scripts end with, besides sh's own.
constexpr int cutOff = 70, otherContent = 71, otherWriter = 72;

struct Object {
    fs::path file;
    std::string sha256;
    std::int64_t size = 0;
};

std::string megabytes(std::int64_t bytes) {
    std::ostringstream text;
    text.precision(1);
    text << std::fixed << double(bytes) / 1e6 << " MB";
    return text.str();
}

/// How much of each object is there: its size when it is whole.
std::map<std::string, std::int64_t> presentBytes(const WorkPlace& place, const std::vector<Object>& objects) {
    std::string names;
    for (const Object& object : objects) names += object.sha256 + "\n";
    const std::string out = runThere(place,
                                     "cd -- " + shellQuote(place.folder + "/objects") +
                                         " || exit 1\nwhile read -r h; do\n"
                                         "if [ -f \"$h\" ]; then echo \"$h whole\"\n"
                                         "elif [ -f \"$h.part\" ]; then echo \"$h $(wc -c <\"$h.part\")\"\n"
                                         "else echo \"$h 0\"; fi\ndone",
                                     "cannot look at what is there", QByteArray::fromStdString(names));
    std::map<std::string, std::int64_t> present;
    std::istringstream lines(out);
    for (std::string name, state; lines >> name >> state;)
        present[name] = state == "whole" ? -1 : std::strtoll(state.c_str(), nullptr, 10);
    return present;
}

/// Sends the rest of an object; false when it arrived as something else and has to be sent anew.
bool sendRest(const WorkPlace& place, const Object& object, std::int64_t from) {
    const auto file = std::make_shared<QFile>(QString::fromStdString(object.file.string()));
    if (!file->open(QIODevice::ReadOnly) || !file->seek(from))
        throw Error("cannot be read: " + file->errorString().toStdString(), object.file.string());
    CommandStreams streams;
    streams.input = [&place, &object, file, sent = from]() mutable {
        QByteArray piece = file->read(pieceBytes);
        sent += piece.size();
        if (place.advance) place.advance(object.file.filename().string(), sent, object.size);
        return piece;
    };
    const std::string size = std::to_string(object.size);
    const CommandResult result =
        place.shell.wait("cd -- " + shellQuote(place.folder + "/objects") + " || exit 1\nh=" + object.sha256 +
                             "\np=$h.part\nn=$(cat \"$p\" 2>/dev/null | wc -c)\n[ $n -eq " +
                             std::to_string(from) + " ] || exit " + std::to_string(otherWriter) +
                             "\ncat >>\"$p\" || exit 1\n[ $(wc -c <\"$p\") -ge " + size + " ] || exit " +
                             std::to_string(cutOff) +
                             "\nset -- $(sha256sum \"$p\")\nif [ \"$1\" = $h ]; then mv -f \"$p\" $h; else "
                             "rm -f \"$p\"; exit " +
                             std::to_string(otherContent) + "; fi",
                         streams, place.stop);
    if (result.exitCode == 0) return true;
    if (result.exitCode == otherContent || result.exitCode == otherWriter) return false;
    if (result.exitCode == cutOff)
        throw Error("the file became shorter while it was sent", object.file.string());
    throw Error("cannot be written there: " + lastWordsOf(result), place.machine.name,
                "is the disk there full?");
}

/// One upload at a time into a work folder: runs that are launched together need the same objects.
std::unique_lock<std::timed_mutex> aloneIn(const WorkPlace& place) {
    static std::mutex guard;
    static std::map<std::string, std::timed_mutex> folders;
    std::unique_lock<std::timed_mutex> lock;
    {
        const std::lock_guard guarded(guard);
        lock = std::unique_lock(folders[place.machine.destination + "\n" + place.folder], std::defer_lock);
    }
    while (!lock.try_lock_for(std::chrono::milliseconds(200)))
        if (place.stop && place.stop()) throw Error("stopped", place.machine.name);
    return lock;
}

void sendObject(const WorkPlace& place, const Object& object, std::int64_t present) {
    for (int attempt = 0; attempt < mostTries; ++attempt) {
        if (present < 0) return;
        if (present > object.size) present = 0;
        place.say("bringing " + object.file.filename().string() + " (" + megabytes(object.size - present) +
                  (present > 0 ? ", the rest" : "") + ")");
        if (sendRest(place, object, present)) return;
        present = presentBytes(place, {object}).at(object.sha256);
    }
    throw Error("arrives there as something else again and again", object.file.string(),
                "does another program write it, or is the disk or memory of one of the machines broken?");
}

std::vector<Object> objectsOf(const std::vector<BroughtFile>& files) {
    std::vector<Object> objects;
    for (const BroughtFile& each : files)
        objects.push_back({each.file, sha256Of(each.file), std::int64_t(fs::file_size(each.file))});
    return objects;
}

bool isPlainName(const std::string& name) {
    if (name.empty() || name.front() == '/' || name.find('\\') != std::string::npos) return false;
    for (const fs::path& part : fs::path(name))
        if (part == ".." || part == ".") return false;
    return true;
}

struct FarFile {
    std::string name, sha256;
    std::int64_t size = 0;
};

std::vector<FarFile> filesThere(const WorkPlace& place, const std::string& folder) {
    const std::string out =
        runThere(place,
                 "cd -- " + shellQuote(folder) +
                     " || exit 1\nfind . -type f | while IFS= read -r f; do set -- $(sha256sum <\"$f\"); "
                     "printf '%s %s %s\\n' \"$1\" \"$(wc -c <\"$f\")\" \"${f#./}\"; done",
                 "cannot be read there");
    std::vector<FarFile> files;
    std::istringstream lines(out);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        FarFile file;
        words >> file.sha256 >> file.size;
        words.get();
        std::getline(words, file.name);
        if (file.sha256.size() != 64 || file.size < 0 || !isPlainName(file.name))
            throw Error("a file there has a name that no checkpoint has", folder + "/" + file.name);
        files.push_back(std::move(file));
    }
    return files;
}

void fetchFile(const WorkPlace& place, const std::string& from, const FarFile& far, const fs::path& to) {
    for (int attempt = 0; attempt < mostTries; ++attempt) {
        std::error_code code;
        fs::create_directories(to.parent_path(), code);
        std::int64_t have = fs::exists(to, code) ? std::int64_t(fs::file_size(to)) : 0;
        if (have > far.size) {
            fs::remove(to);
            have = 0;
        }
        if (have < far.size) {
            place.say("fetching " + far.name + " (" + megabytes(far.size - have) + ")");
            std::ofstream out(to, std::ios::binary | std::ios::app);
            CommandStreams streams;
            streams.output = [&out](const QByteArray& bytes) { out.write(bytes.constData(), bytes.size()); };
            const CommandResult result = place.shell.wait(
                "exec tail -c +" + std::to_string(have + 1) + " -- " + shellQuote(from + "/" + far.name),
                streams, place.stop);
            out.flush();
            if (!out) throw Error("cannot be written: is the disk full?", to.string());
            if (result.exitCode != 0) throw Error("cannot be read there: " + lastWordsOf(result), far.name);
        }
        if (sha256Of(to) == far.sha256) return;
        fs::remove(to);
    }
    throw Error("arrives as something else again and again", place.machine.name + ":" + from + "/" + far.name,
                "does a program there write it still?");
}

}  // namespace

std::string sha256Of(const fs::path& file) {
    QFile in(QString::fromStdString(file.string()));
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (!in.open(QIODevice::ReadOnly) || !hash.addData(&in))
        throw Error("cannot be read: " + in.errorString().toStdString(), file.string());
    return hash.result().toHex().toStdString();
}

namespace {

bool isExecutable(const fs::path& file) {
    std::error_code code;
    return (fs::status(file, code).permissions() & fs::perms::owner_exec) != fs::perms::none;
}

}  // namespace

std::string bringFiles(const WorkPlace& place, const std::vector<BroughtFile>& files,
                       const std::string& parent) {
    const std::vector<Object> objects = objectsOf(files);
    const auto alone = aloneIn(place);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (std::size_t i = 0; i < files.size(); ++i)
        hash.addData(QByteArray::fromStdString(objects[i].sha256 + (files[i].isExecutable ? " x " : " - ") +
                                               files[i].name + "\n"));
    const std::string folder =
        place.folder + "/" + parent + "/" + hash.result().toHex().left(16).toStdString();
    const CommandResult there =
        place.shell.wait("[ -d " + shellQuote(folder) + " ]", QByteArray(), place.stop);
    if (there.exitCode == 0) return folder;

    std::map<std::string, std::int64_t> present = presentBytes(place, objects);
    for (const Object& object : objects) {
        sendObject(place, object, present.at(object.sha256));
        present[object.sha256] = -1;
    }
    std::string script = "set -e\ncd -- " + shellQuote(place.folder) + "\nt=objects/.new-$$\nmkdir -p $t\n";
    for (std::size_t i = 0; i < files.size(); ++i) {
        const std::string name = "$t/" + shellQuote(files[i].name);
        const std::string object = "objects/" + objects[i].sha256;
        if (const fs::path below = fs::path(files[i].name).parent_path(); !below.empty())
            script += "mkdir -p $t/" + shellQuote(below.string()) + "\n";
        script += "ln " + object + " " + name + " 2>/dev/null || cp " + object + " " + name + "\n";
        if (files[i].isExecutable) script += "chmod 755 " + name + "\n";
    }
    script += "mkdir -p " + shellQuote(parent) + "\nmv $t " + shellQuote(folder) +
              " 2>/dev/null || { rm -rf $t; [ -d " + shellQuote(folder) + " ]; }";
    runThere(place, script, "what was brought cannot be put in its place");
    return folder;
}

std::string bringFile(const WorkPlace& place, const fs::path& file) {
    const std::string name = file.filename().string();
    return bringFiles(place, {{file, name, isExecutable(file)}}, "brought") + "/" + name;
}

std::string bringFolder(const WorkPlace& place, const fs::path& folder) {
    const fs::path whole = folder.filename().empty() ? folder.parent_path() : folder;
    const std::string name = whole.filename().string();
    std::vector<BroughtFile> files;
    std::error_code code;
    for (fs::recursive_directory_iterator entry(whole, code), end; !code && entry != end;
         entry.increment(code)) {
        if (entry->path().filename() == ".git" || entry->path().filename() == "__pycache__")
            entry.disable_recursion_pending();
        else if (entry->is_regular_file())
            files.push_back({entry->path(), name + "/" + fs::relative(entry->path(), whole).string(),
                             isExecutable(entry->path())});
    }
    if (code || files.empty()) throw Error("there is nothing to bring", whole.string());
    std::sort(files.begin(), files.end(),
              [](const BroughtFile& a, const BroughtFile& b) { return a.name < b.name; });
    return bringFiles(place, files, "brought") + "/" + name;
}

std::string bringCheckpoint(const WorkPlace& place, const fs::path& folder) {
    std::vector<BroughtFile> files;
    std::error_code code;
    for (const auto& entry : fs::recursive_directory_iterator(folder, code)) {
        const std::string name = fs::relative(entry.path(), folder).string();
        // What a run that starts from it never reads is often the largest part.
        if (entry.is_regular_file() && name != "optimizer.safetensors") files.push_back({entry.path(), name});
    }
    if (code || files.empty()) throw Error("there is no checkpoint to bring", folder.string());
    std::sort(files.begin(), files.end(),
              [](const BroughtFile& a, const BroughtFile& b) { return a.name < b.name; });
    return bringFiles(place, files, "brought");
}

void fetchFolder(const WorkPlace& place, const std::string& from, const fs::path& to) {
    const std::vector<FarFile> files = filesThere(place, from);
    if (files.empty()) throw Error("there is nothing to fetch", place.machine.name + ":" + from);
    const fs::path beside = to.parent_path() / (".fetching-" + to.filename().string());
    std::set<fs::path> expected;
    for (const FarFile& file : files) {
        fetchFile(place, from, file, beside / file.name);
        expected.insert(beside / file.name);
    }
    // Left by an earlier try of a folder that has changed there since.
    for (const auto& entry : fs::recursive_directory_iterator(beside))
        if (entry.is_regular_file() && !expected.contains(entry.path())) fs::remove(entry.path());
    std::error_code code;
    fs::rename(beside, to, code);
    if (code && !fs::exists(to)) throw Error("cannot be put in its place: " + code.message(), to.string());
    if (code) fs::remove_all(beside, code);
}

}  // namespace retort

#include "training/backends/remote/work_place.h"

#include <QStringList>

#include "training/backends/remote/shell_quote.h"

namespace retort {

std::string lastWordsOf(const CommandResult& result) {
    constexpr qsizetype mostLines = 12;
    QStringList lines = QString::fromStdString(result.err).trimmed().split(QLatin1Char('\n'));
    if (lines.size() > mostLines) lines = lines.mid(lines.size() - mostLines);
    const std::string text = lines.join(QLatin1Char('\n')).toStdString();
    return text.empty() ? "exit status " + std::to_string(result.exitCode) : text;
}

std::string runThere(const WorkPlace& place, const std::string& script, const std::string& what,
                     const QByteArray& input) {
    CommandResult result = place.shell.wait(script, input, place.stop);
    if (result.exitCode != 0) throw Error(what + ": " + lastWordsOf(result), place.machine.name);
    return std::move(result.out);
}

std::string environmentScript(const Machine& machine) {
    std::string lines;
    for (const std::string& line : machine.environment) lines += line + "\n";
    std::string script;
    if (!lines.empty()) script += "eval " + shellQuote(lines) + " </dev/null >&2\n";
    if (!machine.libtorch.empty())
        script += "LD_LIBRARY_PATH=" + shellPath(machine.libtorch) +
                  "/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}; export LD_LIBRARY_PATH\n";
    return script;
}

WorkPlace openWorkPlace(Shell& shell, const Machine& machine, std::function<bool()> stop) {
    const std::string folder = shellPath(machine.workFolder);
    const CommandResult result = shell.wait(
        "mkdir -p -- " + folder + " && cd -- " + folder +
            " && mkdir -p runs objects brought programs && : > .retort-$$ && rm -f .retort-$$ && pwd -P",
        QByteArray(), stop);
    if (result.exitCode != 0)
        throw Error("the work folder cannot be written: " + lastWordsOf(result), machine.name,
                    "choose another work folder, or make room on the disk there");
    std::string path = result.out;
    if (!path.empty() && path.back() == '\n') path.pop_back();
    WorkPlace place{shell, machine, path};
    place.stop = std::move(stop);
    return place;
}

}  // namespace retort

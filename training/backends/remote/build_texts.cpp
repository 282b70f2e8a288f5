#include "training/backends/remote/build_texts.h"

#include <algorithm>
#include <cstdio>
#include <sstream>

#include "training/backends/remote/far_process.h"
#include "training/backends/remote/shell_quote.h"
#include "training/backends/remote/work_place.h"

namespace retort {
namespace {

// CMakeLists.txt asks for it; GCC has what core uses of C++20 since this version.
constexpr int leastCmakeMajor = 3, leastCmakeMinor = 25, leastGcc = 11;
constexpr std::size_t mostLines = 2000, mostWords = 40;

struct Library {
    const char* pkgConfig;  ///< its name there; empty: it has none
    const char* inMessage;  ///< how CMake's or the compiler's complaint names it
    const char* package;    ///< of Debian
};
constexpr Library libraries[] = {
    {"", "Torch", "libtorch-dev, or LibTorch's folder in the machine's settings"},
    {"sqlite3", "SQLite3", "libsqlite3-dev"},
    {"spdlog", "spdlog", "libspdlog-dev"},
    {"nlohmann_json", "nlohmann", "nlohmann-json3-dev"},
    {"yaml-cpp", "yaml-cpp", "libyaml-cpp-dev"},
    {"simdjson", "simdjson", "libsimdjson-dev"},
    {"libutf8proc", "libutf8proc", "libutf8proc-dev"},
    {"libpcre2-8", "libpcre2", "libpcre2-dev"},
    {"gmpxx", "gmp", "libgmp-dev"},
    {"mpfr", "mpfr", "libmpfr-dev"},
    {"libzstd", "libzstd", "libzstd-dev"},
    {"libxxhash", "libxxhash", "libxxhash-dev"},
    {"libzip", "libzip", "libzip-dev"},
    {"", "Snappy", "libsnappy-dev"},
    {"zlib", "ZLIB", "zlib1g-dev"},
    {"eigen3", "Eigen", "libeigen3-dev"},
    {"", "OpenMP", "OpenMP of the compiler"},
    {"", "ninja", "ninja-build"},
};

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text.append(text.empty() ? "" : ", ").append(word);
    return text;
}

/// Ninja's "[12/610] …" and make's "[ 12%] …".
bool readCount(const std::string& text, BuildProgress& progress) {
    int done = 0, all = 0, end = 0;
    if (std::sscanf(text.c_str(), "[%d/%d] %n", &done, &all, &end) == 2 && end > 0) {
        progress.done = done;
        progress.all = all;
        return true;
    }
    if (std::sscanf(text.c_str(), "[ %d%%] %n", &done, &end) == 1 && end > 0) {
        progress.done = done;
        progress.all = 100;
        return true;
    }
    return false;
}

bool contains(const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
}

std::string wrapperScript() {
    return "printf '%s\\n' '#!/bin/sh' 'here=$(dirname \"$0\")' "
           "'LD_LIBRARY_PATH=$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}' "
           "'RETORT_TRAINING_MODULE=$here/lib/libretort_training.so' "
           "'export LD_LIBRARY_PATH RETORT_TRAINING_MODULE' 'exec \"$here/bin/retort-cli\" \"$@\"'";
}

}  // namespace

std::string buildToolsScript(const Machine& machine) {
    std::string script =
        environmentScript(machine) +
        "say() { printf '%s %s\\n' \"$1\" \"$2\"; }\n"
        "say cmake \"$(cmake --version 2>/dev/null | sed -n '1s/[^0-9]*//p')\"\n"
        "for c in \"$CXX\" c++ g++ clang++; do [ -n \"$c\" ] && command -v \"$c\" >/dev/null && "
        "break; c=; done\n"
        "say compiler \"$c\"\n"
        "[ -n \"$c\" ] && say gcc \"$(echo __GNUC__ __clang_major__ | \"$c\" -E -P -x c++ - "
        "2>/dev/null)\"\n"
        "for m in ninja make; do command -v $m >/dev/null && break; m=; done\nsay make \"$m\"\n"
        "for p in pkg-config pkgconf; do command -v $p >/dev/null && break; p=; done\n"
        "say pkgconfig \"$p\"\n[ -n \"$p\" ] && for l in";
    for (const Library& library : libraries)
        if (*library.pkgConfig) script += std::string(" ") + library.pkgConfig;
    return script + "; do $p --exists $l || say unseen $l; done\ntrue";
}

BuildTools parseBuildTools(const std::string& output) {
    BuildTools tools;
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t space = line.find(' ');
        const std::string kind = line.substr(0, space);
        const std::string value = space == std::string::npos ? "" : line.substr(space + 1);
        if (kind == "cmake") {
            int major = 0, minor = 0;
            const int read = std::sscanf(value.c_str(), "%d.%d", &major, &minor);
            if (read < 2)
                tools.problems.emplace_back("CMake is missing (cmake, 3.25 or newer)");
            else if (major < leastCmakeMajor || (major == leastCmakeMajor && minor < leastCmakeMinor))
                tools.problems.push_back("CMake there is " + value + ", 3.25 or newer is needed");
        } else if (kind == "compiler" && value.empty()) {
            tools.problems.emplace_back("a C++ compiler is missing (g++)");
        } else if (kind == "gcc") {
            // A macro that is not defined stays its name: this one is clang's.
            int version = 0;
            if (contains(value, "__clang_major__") && std::sscanf(value.c_str(), "%d", &version) == 1 &&
                version < leastGcc)
                tools.problems.push_back("the compiler there is GCC " + std::to_string(version) + ", " +
                                         std::to_string(leastGcc) + " or newer is needed");
        } else if (kind == "make" && value.empty()) {
            tools.problems.emplace_back("ninja or make is missing (ninja-build)");
        } else if (kind == "pkgconfig" && value.empty()) {
            tools.problems.emplace_back("pkg-config is missing");
        } else if (kind == "unseen") {
            tools.unseen.push_back(value);
        }
    }
    return tools;
}

std::string buildScript(const Machine& machine, const std::string& folder, const std::string& archive,
                        const std::string& content, const std::string& program, const BuildOptions& options) {
    const std::string programs = program.substr(0, program.rfind('/'));
    std::string definitions;
    for (const std::string& each : options.definitions)
        definitions.append(" ").append(shellQuote("-D" + each));
    if (!machine.libtorch.empty()) definitions += " -DCMAKE_PREFIX_PATH=" + shellPath(machine.libtorch);
    const std::string jobs = options.jobs > 0
                                 ? "j=" + std::to_string(options.jobs) + "\n"
                                 // A file with LibTorch's headers takes the compiler up to two GB.
                                 : "j=$(getconf _NPROCESSORS_ONLN)\n"
                                   "m=$(sed -n 's/^MemAvailable: *\\([0-9]*\\).*/\\1/p' "
                                   "/proc/meminfo)\nm=$((${m:-2097152} / 2097152))\n"
                                   "[ $m -lt 1 ] && m=1; [ $j -gt $m ] && j=$m\n";
    return "#!/bin/sh\n# Written by Retort: builds retort-cli from its source.\ncd -- " + shellQuote(folder) +
           " || exit 1\nticks() { set -- $(sed 's/.*) //' /proc/$$/stat); echo \"${20}\"; }\n"
           "printf '{\"pid\": %s, \"start_ticks\": %s}\\n' $$ \"$(ticks)\" >control/process.json.new\n"
           "mv -f control/process.json.new control/process.json\n"
           "finish() { echo $1 >status.new; mv -f status.new status; exit $1; }\n"
           "step() { echo \"" +
           buildStepMark + "$1\"; }\n" + environmentScript(machine) +
           "step unpacking\n"
           "[ -f unpacked ] || { rm -rf source && mkdir source && (cd source && cmake -E tar xf " +
           shellQuote(archive) + ") && : >unpacked || finish 1; }\n" +
           "step configuring\nset --\n"
           "if [ -f build/Makefile ] || { [ ! -f build/build.ninja ] && ! command -v ninja >/dev/null; }; "
           "then\n"
           "set -- -G 'Unix Makefiles'; fi\n"
           "(cd source && nice -n 10 cmake --preset node -Wno-dev -B ../build \"$@\" "
           "-DCMAKE_INSTALL_LIBDIR=lib" +
           definitions + ") || finish 1\n" + jobs +
           "step compiling\nnice -n 10 cmake --build build -j $j || finish 1\n"
           "step installing\nrm -rf install && cmake --install build --prefix \"$PWD/install\" >/dev/null "
           "&& " +
           wrapperScript() +
           " >install/retort-cli && chmod 755 install/retort-cli || finish 1\n"
           "install/retort-cli --version && echo " +
           shellQuote(content) +
           " >install/source.sha256 || finish 1\n"
           "mkdir -p " +
           shellQuote(programs) + " && rm -rf " + shellQuote(program) + " && mv install " +
           shellQuote(program) + " || finish 1\nfinish 0\n";
}

void BuildLog::add(const std::string& piece, const std::function<void(const BuildProgress&)>& changed) {
    m_rest += piece;
    std::size_t from = 0;
    for (std::size_t end; (end = m_rest.find('\n', from)) != std::string::npos; from = end + 1) {
        const BuildProgress before = m_progress;
        line(m_rest.substr(from, end - from));
        if (changed && !(m_progress == before)) changed(m_progress);
    }
    m_rest.erase(0, from);
}

void BuildLog::line(const std::string& text) {
    if (text.rfind(buildStepMark, 0) == 0) {
        m_progress = {text.substr(std::string(buildStepMark).size()), 0, 0};
        m_lines.clear();
        return;
    }
    if (m_progress.step == "compiling") readCount(text, m_progress);
    m_lines.push_back(text);
    if (m_lines.size() > mostLines) m_lines.erase(m_lines.begin(), m_lines.begin() + mostLines / 2);
}

std::string BuildLog::lastWords() const {
    std::vector<std::string> lines = m_lines;
    if (!m_rest.empty()) lines.push_back(m_rest);
    const auto isFailure = [](const std::string& text) {
        return text.rfind("CMake Error", 0) == 0 || text.rfind("FAILED:", 0) == 0 ||
               contains(text, ": error:") || contains(text, ": fatal error:");
    };
    auto first = std::find_if(lines.begin(), lines.end(), isFailure);
    if (first == lines.end()) first = lines.end() - std::min<std::ptrdiff_t>(12, lines.end() - lines.begin());
    std::string text;
    std::size_t count = 0;
    const bool isNinja = first != lines.end() && first->rfind("FAILED:", 0) == 0;
    for (auto each = first; each != lines.end() && count < mostWords; ++each) {
        BuildProgress ignored;
        // Behind FAILED stands the compiler's whole command, and behind its words come other files.
        if (isNinja && each == first + 1) continue;
        if (readCount(*each, ignored)) {
            if (each != first) break;
            continue;
        }
        if (each->find_first_not_of(" \t\r") == std::string::npos) continue;
        text.append(text.empty() ? "" : "\n").append(*each, 0, 500);
        ++count;
    }
    return text;
}

std::string adviceForBuild(const std::string& lastWords, const BuildTools& tools) {
    std::vector<std::string> packages;
    for (const Library& library : libraries) {
        const bool isUnseen =
            std::find(tools.unseen.begin(), tools.unseen.end(), library.pkgConfig) != tools.unseen.end();
        const bool isNamed = (contains(lastWords, "CMake Error") || contains(lastWords, "fatal error")) &&
                             contains(lastWords, library.inMessage);
        if (isNamed || (isUnseen && contains(lastWords, "CMake Error")))
            packages.emplace_back(library.package);
    }
    if (packages.empty()) return "";
    return "install there (Debian's names): " + joined(packages);
}

}  // namespace retort

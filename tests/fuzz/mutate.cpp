// Calls a fuzz target with the files of a folder and with changed copies of them: PROGRAM ROUNDS FOLDER
// The changes come from a seed, so that a failure is there again the next time.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "core/util/files.h"
#include "core/util/random.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using retort::Random;

void call(const std::string& input) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

std::size_t below(Random& random, std::size_t size) {
    return size == 0 ? 0 : std::size_t(random.integer(0, std::int64_t(size) - 1));
}

// What parsers trip over.
const char* const fragments[] = {
    "{", "}",    "[",  "]",   "\"", "\\",      "null", "-1", "18446744073709551615",
    "0", "1e99", "\n", "\t",  "{{", "}}",      "{%",   "%}", "\xff",
    ":", ",",    "- ", "&a ", "*a", "\\ud800", "(",    ")",  "NaN"};

std::string piece(Random& random, const std::string& text) {
    const std::size_t begin = below(random, text.size());
    return text.substr(begin, 1 + below(random, 40));
}

void change(Random& random, std::string& text, const std::string& other) {
    const std::size_t at = below(random, text.size() + 1);
    switch (random.integer(0, 5)) {
        case 0:
            if (at < text.size()) text[at] = char(text[at] ^ (1 << random.integer(0, 7)));
            break;
        case 1:
            text.erase(at, 1 + below(random, 30));
            break;
        case 2:
            text.insert(at, fragments[below(random, std::size(fragments))]);
            break;
        case 3:
            text.insert(at, piece(random, text));
            break;
        case 4:
            text.insert(at, piece(random, other));
            break;
        default:
            text.replace(at, below(random, 8), fragments[below(random, std::size(fragments))]);
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return std::fprintf(stderr, "usage: %s ROUNDS FOLDER\n", argv[0]), 2;
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(argv[2])) paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    std::vector<std::string> seeds;
    for (const auto& path : paths) seeds.push_back(retort::readFile(path));
    if (seeds.empty()) return std::fprintf(stderr, "%s: no seeds\n", argv[2]), 2;
    for (const std::string& seed : seeds) call(seed);
    Random random(20251121);
    for (long round = 0; round < std::atol(argv[1]); ++round) {
        std::string text = seeds[below(random, seeds.size())];
        for (std::int64_t changes = random.integer(1, 6); changes > 0; --changes)
            change(random, text, seeds[below(random, seeds.size())]);
        call(text);
    }
    return 0;
}

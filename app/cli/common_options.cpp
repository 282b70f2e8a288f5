#include "app/cli/command.h"

namespace retort::cli {

std::vector<Option> commonOptions() {
    using Kind = Option::Kind;
    return {
        {Kind::Text, "--store", "FILE", "The store; default: lab.db in the user's data folder.", {}, false},
        {Kind::Flag, "--json", "", "Output for programs.", {}, false},
        {Kind::Flag, "--quiet", "", "Only results and errors.", {}, false},
        {Kind::Flag, "--help", "", "What the command does and takes.", {}, false}};
}

}  // namespace retort::cli

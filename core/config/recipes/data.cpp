// What a run learns from: generated tasks and the user's own files.
#include "core/config/recipes/declarations.h"
#include "core/tasks/task.h"

namespace retort {
namespace {

// What every task has besides its own parameters comes first.
std::vector<ParameterVariant> dataTaskVariants() {
    const TaskSettings defaults;
    std::vector<ParameterVariant> variants = taskVariants();
    for (ParameterVariant& variant : variants) {
        std::vector<Parameter> all = {
            itemParameter("name", defaults.name, ParameterType::Text,
                          "Label in metrics; empty: the task's kind."),
            itemShare("weight", defaults.weight, "Share in the mixture, relative to the others.", 1e6),
            itemShare("worked_share", defaults.worked_share,
                      "Share of the training examples whose completion shows its working.", 1)};
        Parameter examples = itemParameter("examples", defaults.examples, ParameterType::Integer,
                                           "Different training problems; 0: as many as there are.");
        examples.minimum = 0;
        examples.maximum = 1e12;
        all.push_back(std::move(examples));
        all.insert(all.end(), variant.parameters.begin(), variant.parameters.end());
        variant.parameters = std::move(all);
    }
    return variants;
}

std::vector<ParameterVariant> dataFileVariants() {
    const FileSettings defaults;
    const auto text = [](const char* name, const char* help) {
        return itemParameter(name, "", ParameterType::Text, help);
    };
    Parameter verifier = itemParameter("verifier", defaults.verifier, ParameterType::Choice,
                                       "How an answer is compared with the reference: math (1/2, 0.5 and "
                                       "\\frac{1}{2} are the same; see retort-cli "
                                       "verify-answers) or exact (the same text or number).");
    verifier.choices = {"math", "exact"};
    Parameter chatTemplate = itemParameter(
        "chat_template", defaults.chat_template, ParameterType::Choice,
        "Writes messages by the start checkpoint's chat template: auto (where it has one), always "
        "(plain prompts become a user's message) or none (User: … Assistant: …).");
    chatTemplate.choices = {"auto", "always", "none"};
    return {{"",
             "A JSONL file of your own, one example a line.",
             {text("path", "The file; relative to the configuration's folder."),
              text("prompt_field", "Key of the prompt; empty: recognised (prompt, problem, question …)."),
              text("completion_field", "Key of the completion; empty: recognised (completion, solution …)."),
              text("answer_field", "Key of the reference answer; empty: recognised (answer …)."),
              itemShare("weight", defaults.weight, "Share in the mixture, relative to the others.", 1e6),
              itemShare("held_out_share", defaults.held_out_share,
                        "Share of the rows kept for evaluation, chosen by a hash of the prompt.", 0.9),
              chatTemplate, verifier}}};
}

}  // namespace

void declareData(BoundRecipe& recipe) {
    SectionDeclarations data(recipe, "data.", "Data", &RunConfig::data);
    data("tasks", &DataSettings::tasks)
        .help("Generated reasoning tasks, mixed by weight.")
        .variants("task", dataTaskVariants());
    data("files", &DataSettings::files).help("Your own examples, as JSONL.").variants("", dataFileVariants());
}

}  // namespace retort

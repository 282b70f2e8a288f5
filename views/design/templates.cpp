#include "views/design/templates.h"

#include <QCoreApplication>

#include "core/config/parameter.h"
#include "core/config/run_config.h"
#include "core/config/study.h"
#include "views/design/parameter_field.h"
#include "views/models/format.h"

namespace retort {

namespace {
struct Templates {
    Q_DECLARE_TR_FUNCTIONS(Templates)
};
}  // namespace

std::string starterYaml(const std::string& recipe) {
    if (recipe == "merge")
        return "recipe: merge\nname: merge-1\nmerge:\n  recipe: |\n    merge_method: linear\n    models:\n"
               "      - model: run:first\n        parameters: {weight: 0.5}\n"
               "      - model: run:second\n        parameters: {weight: 0.5}\n"
               "data:\n  tasks:\n    - task: addition\n      max_digits: 3\n";
    if (recipe == externalRecipe)
        return "recipe: external\nname: external-1\nexternal:\n  # Or a list: command: [torchrun, "
               "--nproc-per-node=4, train.py]\n  shell: python3 train.py --output \"$RETORT_OUTPUT_DIR\"\n"
               "  files: [train.py]\n";
    return "recipe: " + recipe + "\nname: " + recipe +
           "-1\ndata:\n  tasks:\n    - task: addition\n      max_digits: 3\n";
}

std::vector<Template> designTemplates() {
    std::vector<Template> templates;
    for (const RecipeSchema& schema : recipeSchemas()) {
        templates.push_back({Templates::tr("New: %1").arg(toQString(schema.name)),
                             translatedSchemaText(schema.help), toQString(starterYaml(schema.name))});
    }
    for (const StudyStage& stage : quickstartStudy().stages) {
        QString text = toQString(stage.yaml);
        QString help = text.section(QLatin1Char('\n'), 0, 0);
        help = help.startsWith(QLatin1Char('#')) ? help.mid(1).trimmed() : QString();
        // Outside of its study a stage starts from the newest run that bears the earlier stage's name.
        text.replace(QStringLiteral(": \"@"), QStringLiteral(": \"run:"));
        templates.push_back({Templates::tr("Quickstart: %1").arg(toQString(stage.name)), help, text});
    }
    return templates;
}

}  // namespace retort

#include "core/config/references.h"

#include "core/config/merge_models.h"
#include "core/config/values.h"

namespace retort {

void mapReferences(Json& values, const RecipeSchema& schema, const ReferenceMap& map) {
    for (Json& item : values["data"]["files"])
        item["path"] = map.file(item["path"].get<std::string>(), "data.files");
    for (const char* section : {"grpo", "ppo"})
        if (Json* rewards = values.contains(section) ? &values[section]["rewards"] : nullptr)
            for (Json& term : *rewards)
                if (const std::string path = term.value("path", std::string()); !path.empty())
                    term["path"] = map.checkpoint(path);
    for (const Parameter& parameter : schema.parameters) {
        if (parameter.reference == Reference::None) continue;
        const Json* named = valueAt(values, parameter.path);
        const std::string name = named ? named->get<std::string>() : "";
        if (name.empty()) continue;
        setValueAt(values, parameter.path,
                   parameter.reference == Reference::File         ? map.file(name, parameter.path)
                   : parameter.reference == Reference::Checkpoint ? map.checkpoint(name)
                                                                  : withMergeModels(name, map.checkpoint));
    }
}

}  // namespace retort

#include "core/config/references.h"

#include "core/config/merge_models.h"
#include "core/config/values.h"

namespace retort {

void mapReferences(Json& values, const RecipeSchema& schema, const ReferenceMap& map) {
    if (values.contains("data"))
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
        if (parameter.type == ParameterType::TextList && parameter.reference == Reference::File) {
            Json list = Json::array();
            for (const Json& each : named ? *named : Json::array())
                list.push_back(map.file(each.get<std::string>(), parameter.path));
            setValueAt(values, parameter.path, std::move(list));
            continue;
        }
        const std::string name = named ? named->get<std::string>() : "";
        if (name.empty()) continue;
        setValueAt(values, parameter.path,
                   parameter.reference == Reference::File         ? map.file(name, parameter.path)
                   : parameter.reference == Reference::Checkpoint ? map.checkpoint(name)
                                                                  : withMergeModels(name, map.checkpoint));
    }
}

}  // namespace retort

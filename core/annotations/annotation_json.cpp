#include "core/annotations/annotation_json.h"

#include "core/util/error.h"

namespace retort {

Json toJson(const AnnotationTarget& target) {
    Json json = {{"kind", name(target.kind)}};
    if (target.begin < 0) return json;
    json["begin"] = target.begin;
    json["end"] = target.end;
    return json;
}

Json toJson(const Annotation& annotation) {
    Json json = {{"annotator", annotation.annotator}};
    json.update(toJson(annotation.target));
    json["value"] = annotation.value;
    json["t"] = annotation.t;
    return json;
}

Json toJson(const AnnotationEvent& event) {
    Json json = {{"id", event.id},
                 {"trace", event.trace},
                 {"mark", event.mark},
                 {"annotator", event.annotator},
                 {"t", event.t}};
    json.update(toJson(event.target));
    json.update({{"old", event.oldValue},
                 {"new", event.newValue},
                 {"reason", event.reason},
                 {"seconds", event.seconds}});
    if (event.undoes != 0) json["undoes"] = event.undoes;
    if (event.queue != 0) json["queue"] = event.queue;
    return json;
}

NewAnnotation newAnnotation(const Json& json) {
    const auto refuse = [&](const std::string& why) {
        throw Error(why, json.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 200));
    };
    if (!json.is_object()) refuse("an annotation is an object");
    NewAnnotation annotation;
    try {
        const std::string kindName = json.at("kind").get<std::string>();
        const auto kind = annotationKindNamed(kindName);
        if (!kind) throw Error("there is no kind of annotation \"" + kindName + "\"");
        annotation.target = {*kind, json.value("begin", std::int64_t(-1)),
                             json.value("end", std::int64_t(-1))};
        annotation.value = json.at("value");
        annotation.reason = json.value("reason", "");
        annotation.seconds = json.value("seconds", 0.0);
    } catch (const Json::exception& error) {
        refuse(std::string("a member of the annotation is missing or wrong: ") + error.what());
    }
    checkAnnotation(annotation);
    return annotation;
}

}  // namespace retort

#include "training/recipes/frozen_policy.h"

#include "core/tokenizers/tokenizer.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {

std::shared_ptr<CausalLM> openReference(const TrainerParts& parts, const RunSession& session) {
    const fs::path folder = session.run().path() / "reference", beside = folder.string() + ".partial";
    if (!fs::exists(folder)) {
        if (!session.run().checkpointSteps().empty())
            throw Error("the reference policy of this run is gone", folder.string(),
                        "begin a new run from the checkpoint");
        fs::remove_all(beside);
        fs::create_directories(beside);
        parts.model->save(beside);
        fs::rename(beside, folder);
    }
    auto reference = CausalLM::load(folder);
    reference->setDevice(parts.model->device());
    reference->setPrecision(parts.model->precision());
    return reference;
}

void mixInto(CausalLM& reference, const CausalLM& policy, double alpha) {
    const torch::NoGradGuard noGrad;
    const torch::Tensor weights = reference.flatParameters().detach();
    weights.mul_(1 - alpha).add_(policy.effectiveParameters().to(weights.device()), alpha);
}

std::shared_ptr<CausalLM> openTeacher(const TrainerParts& parts, const fs::path& folder) {
    if (loadTokenizer(folder)->hash() != parts.tokenizer->hash())
        throw Error("the teacher has another vocabulary than the student", folder.string(),
                    "token-level teaching needs a teacher that shares the tokenizer");
    auto teacher = CausalLM::load(folder);
    teacher->setDevice(parts.model->device());
    teacher->setPrecision(parts.model->precision());
    return teacher;
}

}  // namespace retort

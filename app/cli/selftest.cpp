// retort-cli selftest: the numeric checks that need no Qt, on the device that training would use.
#include <cmath>
#include <cstdio>

#include "app/cli/context.h"
#include "app/cli/table.h"
#include "training/api/training_module.h"

namespace retort::cli {
namespace {

std::string scientific(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1e", value);
    return text;
}

Json jsonOf(const SelfTestResult& result) {
    Json json = {{"check", result.name},
                 {"device", result.device},
                 {"worst", std::isfinite(result.worst) ? Json(result.worst) : Json()},
                 {"limit", result.limit},
                 {"passed", result.passed()}};
    if (!result.error.empty()) json["error"] = result.error;
    return json;
}

}  // namespace

int runSelftest(Context& context) {
    const auto results = loadTrainingModule().selftest(context.arguments().text("--device", "auto"));
    std::size_t failed = 0;
    std::vector<std::vector<std::string>> rows;
    Json list = Json::array();
    for (const SelfTestResult& result : results) {
        failed += !result.passed();
        list.push_back(jsonOf(result));
        rows.push_back({result.name, result.device,
                        result.error.empty() ? scientific(result.worst) : result.error,
                        scientific(result.limit), result.passed() ? "passed" : "FAILED"});
    }
    if (context.json())
        std::puts(list.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    else
        std::fputs(formatTable({"check", "device", "worst", "limit", ""}, rows).c_str(), stdout);
    return failed == 0 ? exitOk : exitFailed;
}

}  // namespace retort::cli

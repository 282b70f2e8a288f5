#include "core/trackers/time_text.h"

#include <chrono>
#include <cmath>

#include "core/trackers/tolerant_json.h"
#include "core/util/text.h"

namespace retort {
namespace {

/// Exactly `count` digits, taken off the front.
std::optional<int> digits(std::string_view& text, std::size_t count) {
    if (text.size() < count) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, std::string_view any) {
    if (text.empty() || any.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

/// "+01:00", "-0130", "Z"; in s. Nothing where it is none.
std::optional<int> offset(std::string_view text) {
    if (text.empty() || text == "Z" || text == "z") return 0;
    const bool minus = text.front() == '-';
    if (!take(text, "+-")) return std::nullopt;
    const auto hours = digits(text, 2);
    take(text, ":");
    const auto minutes = text.empty() ? std::optional(0) : digits(text, 2);
    if (!hours || !minutes || !text.empty()) return std::nullopt;
    return (minus ? -1 : 1) * (*hours * 3600 + *minutes * 60);
}

}  // namespace

std::optional<double> timeOf(double number) {
    if (!std::isfinite(number) || number <= 0) return std::nullopt;
    if (number > 1e17) return number * 1e-9;
    if (number > 1e14) return number * 1e-6;
    if (number > 1e11) return number * 1e-3;
    return number;
}

std::optional<double> timeOf(std::string_view text) {
    text = trimmed(text);
    if (const auto number = tolerantNumber(text)) return timeOf(*number);
    const auto year = digits(text, 4);
    if (!year || !take(text, "-")) return std::nullopt;
    const auto month = digits(text, 2);
    if (!month || !take(text, "-")) return std::nullopt;
    const auto day = digits(text, 2);
    if (!day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(unsigned(*month)),
                                           std::chrono::day(unsigned(*day))};
    if (!date.ok()) return std::nullopt;
    double seconds = 86400.0 * double(std::chrono::sys_days(date).time_since_epoch().count());
    if (text.empty()) return seconds;
    if (!take(text, "T ")) return std::nullopt;
    const auto hours = digits(text, 2);
    if (!hours || !take(text, ":")) return std::nullopt;
    const auto minutes = digits(text, 2);
    if (!minutes) return std::nullopt;
    seconds += *hours * 3600 + *minutes * 60;
    if (take(text, ":")) {
        const auto whole = digits(text, 2);
        if (!whole) return std::nullopt;
        seconds += *whole;
        if (take(text, ".,"))
            for (double unit = 0.1; !text.empty() && text.front() >= '0' && text.front() <= '9'; unit /= 10) {
                seconds += unit * (text.front() - '0');
                text.remove_prefix(1);
            }
    }
    const auto zone = offset(text);
    if (!zone) return std::nullopt;
    return seconds - *zone;
}

}  // namespace retort

#include "app/cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/cli/table.h"
#include "app/cli/terminal.h"
#include "core/runlog/codec.h"
#include "core/util/clock.h"

namespace retort::cli {
namespace {

constexpr double speedWindow = 30;

// What a person looks at while a run trains, under the names that the metrics have.
struct Column {
    const char *metric, *label;
};
constexpr Column columns[] = {{"loss", "loss"},
                              {"reward", "reward"},
                              {"mean_token_accuracy", "token acc"},
                              {"rewards/correctness/mean", "correct"},
                              {"completions/mean_length", "length"},
                              {"eval_accuracy", "accuracy"}};

/// Of an interval: `show` has it.
bool isBound(const std::string& metric) {
    return metric.ends_with("_low") || metric.ends_with("_high");
}

std::string speedText(double tokens) {
    if (tokens >= 1000) return shortNumber(std::round(tokens / 100) / 10) + " k tokens/s";
    return shortNumber(std::round(tokens)) + " tokens/s";
}

}  // namespace

Progress::Style Progress::styleFor(bool json, bool quiet) {
    if (json) return Style::Json;
    if (quiet) return Style::Quiet;
    return ::isatty(STDERR_FILENO) ? Style::Terminal : Style::Plain;
}

void Progress::show(const Event& event) {
    if (m_style == Style::Json) {
        std::string text;
        encodeEvent(event, text);
        std::fwrite(text.data(), 1, text.size(), stdout);
        std::fflush(stdout);
        return;
    }
    std::visit([&](const auto& payload) { take(payload, event.t); }, event.payload);
}

void Progress::take(const StartEvent& event, double) {
    m_total = event.totalSteps;
    m_step = event.fromStep;
    m_recent.clear();
    m_changed = true;
}

void Progress::take(const ScalarsEvent& event, double t) {
    m_step = event.step;
    for (const auto& [name, value] : event.values) m_latest[name] = value;
    m_recent.push_back({t, event.step, event.tokens});
    while (m_recent.size() > 2 && m_recent.front().t < t - speedWindow) m_recent.pop_front();
    m_changed = true;
}

void Progress::take(const EvaluationEvent& event, double) {
    std::string text = "step " + std::to_string(event.step) + "  " + event.name + ":";
    for (const auto& [name, value] : event.metrics)
        if (const char* label = evaluationLabel(name); label != nullptr && !isBound(name))
            text.append("  ").append(label).append(" ").append(shortNumber(value));
    line(text);
}

void Progress::take(const AlarmEvent& event, double) {
    line(event.severity + " at step " + std::to_string(event.step) + ": " + printable(event.text));
}

void Progress::take(const StatusEvent& event, double) {
    m_activity = event.state;
    m_step = std::max(m_step, event.step);
    if (event.totalSteps > 0) m_total = event.totalSteps;
    m_changed = true;
}

void Progress::take(const MessageEvent& event, double) {
    line((event.level == "info" ? "" : event.level + ": ") + printable(event.text));
}

void Progress::line(const std::string& text) {
    if (m_style == Style::Quiet || m_style == Style::Json) return;
    if (m_style == Style::Terminal) std::fputs("\r\033[K", stderr);
    std::fprintf(stderr, "%s\n", text.c_str());
    if (m_style == Style::Terminal) draw(true);
}

double Progress::perSecond(bool tokens) const {
    if (m_recent.size() < 2) return 0;
    const Moment &first = m_recent.front(), &last = m_recent.back();
    const double seconds = last.t - first.t;
    return seconds > 0 ? double(tokens ? last.tokens - first.tokens : last.step - first.step) / seconds : 0;
}

std::string Progress::bar(std::size_t width) const {
    const double share = m_total > 0 ? std::clamp(double(m_step) / double(m_total), 0.0, 1.0) : 0;
    const auto full = std::size_t(share * double(width));
    std::string text;
    for (std::size_t i = 0; i < width; ++i) text += i < full ? "█" : "░";
    return text;
}

std::string Progress::summary(std::size_t width) const {
    std::string text = "step " + std::to_string(m_step);
    if (m_total > 0) text.append("/").append(std::to_string(m_total));
    // In the order of what a narrow terminal should still show; what does not fit is left out whole.
    const auto add = [&](const std::string& item) {
        if (displayWidth(text) + 2 + displayWidth(item) <= width) text.append("  ").append(item);
    };
    if (!m_activity.empty() && m_activity != "training") add("(" + m_activity + ")");
    if (const double steps = perSecond(false); steps > 0 && m_total > m_step)
        add(duration(double(m_total - m_step) / steps) + " left");
    for (const Column& column : columns)
        if (const auto found = m_latest.find(column.metric); found != m_latest.end())
            add(std::string(column.label) + " " + shortNumber(found->second));
    if (const double tokens = perSecond(true); tokens > 0) add(speedText(tokens));
    return text;
}

void Progress::draw(bool now) {
    if (m_style == Style::Quiet || m_style == Style::Json) return;
    const double time = unixTime(), pause = m_style == Style::Terminal ? 0.1 : 5;
    if (!now && (!m_changed || time - m_drawn < pause)) return;
    m_drawn = time;
    m_changed = false;
    if (m_style == Style::Plain) {
        std::fprintf(stderr, "%s: %s\n", m_name.c_str(), summary(std::string::npos).c_str());
        return;
    }
    const std::size_t width = terminalWidth(STDERR_FILENO).value_or(80) - 1;
    const std::string head = shortened(m_name, 20) + " " + bar(16) + " ";
    const std::string text = head + summary(width - std::min(width, displayWidth(head)));
    std::fprintf(stderr, "\r\033[K%s", shortened(text, width).c_str());
    std::fflush(stderr);
}

void Progress::finish() {
    if (m_style == Style::Quiet || m_style == Style::Json) return;
    draw(true);
    if (m_style == Style::Terminal) std::fputc('\n', stderr);
}

}  // namespace retort::cli

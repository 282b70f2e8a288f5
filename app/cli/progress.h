// A run's events as they come: one living line on a terminal, a plain line every few seconds elsewhere, or
// the events themselves as JSON lines.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include "core/runlog/event.h"

namespace retort::cli {

class Progress {
  public:
    enum class Style { Terminal, Plain, Json, Quiet };
    /// Terminal where standard error is one.
    static Style styleFor(bool json, bool quiet);

    Progress(Style style, std::string name) : m_style(style), m_name(std::move(name)) {}

    void show(const Event& event);
    /// Draws what changed, at most ten times a second (every five seconds in plain style).
    void draw(bool now = false);
    /// Leaves the last line standing.
    void finish();
    /// A line of its own, above the living one.
    void line(const std::string& text);

  private:
    void take(const StartEvent& event, double t);
    void take(const ScalarsEvent& event, double t);
    void take(const EvaluationEvent& event, double t);
    void take(const AlarmEvent& event, double t);
    void take(const StatusEvent& event, double t);
    void take(const MessageEvent& event, double t);
    template <class Other>
    void take(const Other&, double) {}

    std::string summary(std::size_t width) const;
    std::string bar(std::size_t width) const;
    double perSecond(bool tokens) const;

    Style m_style;
    std::string m_name, m_activity;
    std::int64_t m_step = 0, m_total = 0;
    std::map<std::string, double> m_latest;
    struct Moment {
        double t = 0;
        std::int64_t step = 0, tokens = 0;
    };
    std::deque<Moment> m_recent;  ///< of the last half minute: what speed is measured over
    double m_drawn = 0;
    bool m_changed = false;
};

}  // namespace retort::cli

// How long somebody really worked: only while the window is active, and never longer than a minute after the
// last key or movement.
#pragma once

#include <algorithm>

namespace retort {

/// Times are in seconds of any clock that never goes back.
class FocusedTime {
  public:
    static constexpr double kIdle = 60;

    void setFocused(bool focused, double now) {
        count(now);
        m_focused = focused;
        if (focused) m_lastInput = now;
    }
    /// A key was pressed or the mouse moved.
    void touch(double now) {
        count(now);
        m_lastInput = now;
    }
    /// What was counted since it was last taken.
    double take(double now) {
        count(now);
        const double seconds = m_seconds;
        m_seconds = 0;
        return seconds;
    }

  private:
    void count(double now) {
        if (m_focused) m_seconds += std::max(0.0, std::min(now, m_lastInput + kIdle) - m_counted);
        m_counted = std::max(m_counted, now);
    }

    bool m_focused = false;
    double m_seconds = 0, m_lastInput = 0, m_counted = 0;
};

}  // namespace retort

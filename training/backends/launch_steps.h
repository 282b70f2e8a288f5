// What the launch of a run on a machine is doing, for people, while it brings what is missing there.
#pragma once

#include <QString>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace retort {

/// By run directory.
class LaunchSteps {
  public:
    /// Empty: it is not being launched.
    QString of(const QString& runDirectory) const;
    /// False when it is the same as before; an empty one ends it.
    bool set(const QString& runDirectory, const QString& step);

  private:
    std::map<QString, QString> m_steps;
};

/// For WorkPlace::advance: says "bringing model.safetensors: 43 % of 95.0 MB", each percent once and not more
/// often than five times a second.
std::function<void(const std::string& file, std::int64_t done, std::int64_t all)> sayingHowMuch(
    std::function<void(const QString&)> say);

}  // namespace retort

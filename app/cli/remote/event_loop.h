// What Qt needs in a program without a window.
#pragma once

#include <QCoreApplication>

namespace retort::cli {

class EventLoop {
  public:
    EventLoop() : m_application(m_count, m_values) {}

  private:
    int m_count = 1;
    char m_name[18] = "retort-cli-remote";
    char* m_values[2] = {m_name, nullptr};
    QCoreApplication m_application;
};

}  // namespace retort::cli

// The sheet of shortcuts ("?"), made from the commands that there are.
#pragma once

#include <QDialog>
#include <vector>

class QAction;

namespace retort {

class ShortcutSheet : public QDialog {
    Q_OBJECT
  public:
    ShortcutSheet(const std::vector<QAction*>& commands, QWidget* parent);
};

}  // namespace retort

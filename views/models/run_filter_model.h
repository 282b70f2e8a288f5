// Sorts the run table by its sort keys and hides what the search box and "Show archived" leave out.
#pragma once

#include <QSortFilterProxyModel>
#include <QStringList>

namespace retort {

class RunFilterModel : public QSortFilterProxyModel {
    Q_OBJECT
  public:
    explicit RunFilterModel(QObject* parent = nullptr);

    /// Words, all of which must be found in name, tags, recipe, notes, study, state or id. `state:`,
    /// `recipe:`, `tag:` and `name:` before a word look in that column alone; `-` before a word excludes.
    void setSearch(const QString& text);
    void setShowArchived(bool on);
    bool showsArchived() const { return m_showArchived; }

  protected:
    bool filterAcceptsRow(int sourceRow, const QModelIndex& sourceParent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

  private:
    struct Word {
        QString text;
        int column = -1;  ///< -1: anywhere
        bool excluded = false;
    };
    QList<Word> m_words;
    bool m_showArchived = false;
};

}  // namespace retort

// The cards of all metrics in sections, as many columns as fit. Only those on the screen ask for data.
#pragma once

#include <QScrollArea>
#include <map>
#include <string>
#include <vector>

class QGridLayout;
class QToolButton;
class QVBoxLayout;

namespace retort {

class ChartCard;

class ChartGrid : public QScrollArea {
    Q_OBJECT
  public:
    explicit ChartGrid(QWidget* parent = nullptr);

    /// Makes cards for new metrics and removes those of metrics that went; the others stay as they are.
    void setMetrics(const std::vector<std::string>& metrics);
    /// Shows only metrics whose name or title has the words; empty: all.
    void setFilter(const QString& text);

    std::vector<ChartCard*> cards() const;
    std::vector<ChartCard*> seenCards() const;
    ChartCard* card(const std::string& metric) const;
    int shownCount() const;

  Q_SIGNALS:
    void cardMade(retort::ChartCard* card);
    void seenChanged();  ///< scrolled, resized, filtered: other cards may be on the screen

  protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

  private:
    struct Section {
        QString title;
        QToolButton* header = nullptr;
        QWidget* body = nullptr;
        QGridLayout* grid = nullptr;
        bool open = true;
        std::vector<ChartCard*> cards;
    };

    Section& section(int key, const QString& title);
    void addCard(const std::string& metric);
    void layOut();
    bool fits(const ChartCard& card) const;
    int columns() const;

    QWidget* m_content;
    QVBoxLayout* m_layout;
    std::map<int, Section> m_sections;  ///< by MetricSection, in its order
    QString m_filter;
    int m_columns = 0;
};

}  // namespace retort

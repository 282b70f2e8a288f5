#include "views/compare/table_panel.h"

#include <QAction>
#include <QClipboard>
#include <QEvent>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <cmath>
#include <numeric>

#include "core/util/files.h"
#include "core/util/json.h"
#include "views/lab.h"
#include "views/models/row_delegate.h"
#include "views/runs/table_text.h"
#include "views/widgets/plot_picture.h"
#include "views/widgets/plot_view.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

QString fileName(const QString& name) {
    QString file;
    for (const QChar c : name.toLower()) file += c.isLetterOrNumber() ? c : QLatin1Char('-');
    return file;
}

QString plotCsv(const PlotView& plot) {
    QString text = QStringLiteral("series,x,y\n");
    for (const PlotSeries& series : plot.series())
        for (const QPointF& point : series.points) {
            QString name = series.name;
            name.replace(QLatin1Char('"'), QStringLiteral("\"\""));
            text += QStringLiteral("\"%1\",%2,%3\n")
                        .arg(name, QString::number(point.x(), 'g', 12), QString::number(point.y(), 'g', 12));
        }
    return text;
}

/// Columns that are cut take what is free beside the last one.
void useRoom(QTableView& table) {
    const QAbstractItemView& view = table;
    int free = table.viewport()->width() - table.horizontalHeader()->length();
    for (int column = 0; column < table.model()->columnCount() && free > 0; ++column) {
        const int wanted = view.sizeHintForColumn(column) + 8 - table.columnWidth(column);
        if (wanted <= 0) continue;
        const int more = std::min(wanted, free);
        table.setColumnWidth(column, table.columnWidth(column) + more);
        free -= more;
    }
}

/// The same when the table gets wider.
class RoomUser final : public QObject {
  public:
    explicit RoomUser(QTableView* table) : QObject(table), m_table(*table) {
        table->viewport()->installEventFilter(this);
    }
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::Resize) useRoom(m_table);
        return QObject::eventFilter(watched, event);
    }

  private:
    QTableView& m_table;
};

}  // namespace

void saveText(Lab& lab, QWidget* parent, const QString& suggested, const QString& filter,
              const QString& text) {
    const QString file = QFileDialog::getSaveFileName(parent, TablePanel::tr("Save"), suggested, filter);
    if (file.isEmpty()) return;
    lab.compute(
        parent,
        [file = file.toStdString(), content = text.toStdString()] {
            writeFileAtomically(file, content);
            return true;
        },
        [](bool) {});
}

QToolButton* exportButton(const QString& name, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setAutoRaise(true);
    button->setIcon(lineIcon(QStringLiteral("export")));
    button->setToolTip(TablePanel::tr("Copy or save: %1").arg(name));
    button->setAccessibleName(button->toolTip());
    button->setFocusPolicy(Qt::TabFocus);
    button->setPopupMode(QToolButton::InstantPopup);
    // Without the arrow that Fusion draws over the icon.
    button->setStyleSheet(QStringLiteral("QToolButton::menu-indicator { image: none; }"));
    return button;
}

void addPlotMenu(Lab& lab, QToolButton* button, PlotView* plot) {
    auto* menu = new QMenu(button);
    menu->addAction(TablePanel::tr("Copy the points as CSV"), plot,
                    [plot] { QGuiApplication::clipboard()->setText(plotCsv(*plot)); });
    menu->addAction(TablePanel::tr("Save the points as CSV…"), plot, [&lab, plot] {
        saveText(lab, plot, QStringLiteral("points.csv"), TablePanel::tr("CSV files (*.csv)"),
                 plotCsv(*plot));
    });
    menu->addSeparator();
    menu->addAction(TablePanel::tr("Copy picture"), plot,
                    [plot] { QGuiApplication::clipboard()->setImage(drawPicture(plot->picture())); });
    const auto save = [&lab, plot](const QString& format) {
        const QString file =
            QFileDialog::getSaveFileName(plot, TablePanel::tr("Save"), QStringLiteral("chart.") + format);
        if (file.isEmpty()) return;
        lab.compute(
            plot,
            [file, picture = plot->picture()] {
                writePicture(picture, file);
                return true;
            },
            [](bool) {});
    };
    menu->addAction(TablePanel::tr("Save as PNG…"), plot, [save] { save(QStringLiteral("png")); });
    menu->addAction(TablePanel::tr("Save as SVG…"), plot, [save] { save(QStringLiteral("svg")); });
    button->setMenu(menu);
}

TablePanel::TablePanel(Lab& lab, const QString& name, QWidget* parent)
    : QWidget(parent),
      m_lab(lab),
      m_name(name),
      m_model(new ValueTableModel(this)),
      m_sorted(new QSortFilterProxyModel(this)),
      m_view(new QTableView(this)),
      m_note(new QLabel(this)),
      m_export(exportButton(name, this)) {
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(ValueTableModel::ExactRole);
    m_view->setModel(m_sorted);
    m_view->setAccessibleName(name);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setAlternatingRowColors(true);
    m_view->setShowGrid(false);
    m_view->setWordWrap(false);
    m_view->setTabKeyNavigation(false);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(-1, Qt::AscendingOrder);
    m_view->setItemDelegate(new RowDelegate(m_view));
    m_view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->horizontalHeader()->setHighlightSections(false);
    m_view->horizontalHeader()->setResizeContentsPrecision(50);
    new RoomUser(m_view);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setDefaultSectionSize(m_view->fontMetrics().height() + 10);
    m_note->setWordWrap(true);
    m_note->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_note->setAccessibleName(tr("About %1").arg(name));
    auto* head = new QHBoxLayout;
    head->addWidget(m_note, 1);
    head->addWidget(m_export, 0, Qt::AlignTop);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addLayout(head);
    layout->addWidget(m_view, 1);
    makeExports();
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this] { Q_EMIT currentRowChanged(currentRow()); });
    connect(m_view, &QTableView::activated, this, [this] { Q_EMIT activated(currentRow()); });
}

void TablePanel::makeExports() {
    auto* menu = new QMenu(m_export);
    QAction* copy = menu->addAction(tr("Copy the table"), this,
                                    [this] { QGuiApplication::clipboard()->setText(text(false)); });
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(copy);
    menu->addSeparator();
    menu->addAction(tr("Save as CSV…"), this, [this] {
        saveText(m_lab, this, fileName(m_name) + QStringLiteral(".csv"), tr("CSV files (*.csv)"), text(true));
    });
    menu->addAction(tr("Save as JSON…"), this, [this] {
        saveText(m_lab, this, fileName(m_name) + QStringLiteral(".json"), tr("JSON files (*.json)"), json());
    });
    m_export->setMenu(menu);
}

void TablePanel::setTable(ValueTable table) {
    const int row = currentRow();
    const bool sameColumns = table.headers == m_model->table().headers;
    m_model->setTable(std::move(table));
    // What has grown is given its room; what the user has widened stays.
    for (int column = 0; column < m_model->columnCount(); ++column) {
        const int before = sameColumns ? m_view->columnWidth(column) : 0;
        m_view->resizeColumnToContents(column);
        m_view->setColumnWidth(column,
                               std::max(before, std::clamp(m_view->columnWidth(column) + 8, 48, 320)));
    }
    useRoom(*m_view);
    if (row >= 0) setCurrentRow(row);
}

void TablePanel::setNote(const QString& note) {
    m_note->setText(note);
}

int TablePanel::currentRow() const {
    const QModelIndex index = m_sorted->mapToSource(m_view->currentIndex());
    return index.isValid() ? index.row() : -1;
}

void TablePanel::setCurrentRow(int row) {
    if (row < 0 || row >= m_model->rowCount()) return;
    m_view->setCurrentIndex(m_sorted->mapFromSource(m_model->index(row, 0)));
}

QString TablePanel::text(bool csv) const {
    QList<int> rows(m_sorted->rowCount()), columns(m_sorted->columnCount());
    std::iota(rows.begin(), rows.end(), 0);
    std::iota(columns.begin(), columns.end(), 0);
    return csv ? tableText(*m_sorted, rows, columns, TableFormat::Csv, ValueTableModel::ExactRole)
               : tableText(*m_sorted, rows, columns, TableFormat::Tsv);
}

QString TablePanel::json() const {
    Json all = Json::array();
    for (int row = 0; row < m_sorted->rowCount(); ++row) {
        Json& object = all.emplace_back(Json::object());
        for (int column = 0; column < m_sorted->columnCount(); ++column) {
            const QVariant value = m_sorted->index(row, column).data(ValueTableModel::ExactRole);
            Json& member = object[m_model->table().headers[column].toStdString()];
            if (value.typeId() == QMetaType::Double)
                member = std::isfinite(value.toDouble()) ? Json(value.toDouble()) : Json(nullptr);
            else if (value.typeId() == QMetaType::LongLong)
                member = value.toLongLong();
            else
                member = value.toString().toStdString();
        }
    }
    return QString::fromStdString(all.dump(2, ' ', false, Json::error_handler_t::replace)) +
           QLatin1Char('\n');
}

}  // namespace retort

// The reading view of one trace: regions and steps as rows with what judges say in the gutter, the text
// wrapped, token lanes as a heat map behind it. Only what is visible is laid out exactly; the heights of the
// rest are estimates until they are seen.
#pragma once

#include <QAbstractScrollArea>
#include <QTimer>
#include <memory>
#include <optional>
#include <unordered_map>

#include "core/traces/step_facts.h"
#include "core/traces/token_table.h"
#include "views/traces/reader/height_index.h"
#include "views/traces/reader/lane_colors.h"
#include "views/traces/reader/reader_rows.h"
#include "views/traces/reader/row_layout.h"

class QPainter;

namespace retort {

class Minimap;

/// A mark in the right margin, of a note or whatever else is said of a range; the range is underlined.
struct CanvasMark {
    qint64 begin = 0, end = 0;  ///< bytes of the completion
    QString glyph;              ///< a character or two
    QString text;               ///< tool tip
};

class TraceCanvas : public QAbstractScrollArea {
    Q_OBJECT
  public:
    explicit TraceCanvas(QWidget* parent = nullptr);
    ~TraceCanvas() override;

    /// The document must be cut from this trace. Staying on the same step while going through samples shows
    /// where they part, so the current step's index is kept.
    void setTrace(std::shared_ptr<const Trace> trace, TraceDocument document);
    /// The same trace cut otherwise: place and selection stay.
    void setDocument(TraceDocument document);
    const Trace& trace() const { return *m_trace; }
    std::shared_ptr<const Trace> sharedTrace() const { return m_trace; }
    const TraceDocument& document() const { return m_document; }
    const TokenTable& tokens() const { return m_tokens; }

    // --- steps ---
    int stepCount() const { return static_cast<int>(m_document.steps().size()); }
    int currentStep() const { return m_step; }  ///< -1: none
    void setCurrentStep(int step);              ///< clamped; brings it into view, unfolding its region
    /// Bytes that are judged.
    std::pair<qint64, qint64> stepRange(int step) const;
    QString stepText(int step) const;

    // --- what is said of steps ---
    void setLanes(std::vector<StepLane> lanes);
    const std::vector<StepLane>& lanes() const { return m_lanes; }
    const std::vector<StepFacts>& facts() const { return m_facts; }
    void setMarks(std::vector<CanvasMark> marks);
    /// Shows the three ratings on the current step, to be clicked.
    void setRatingEnabled(bool enabled);

    // --- token lanes ---
    std::optional<TokenLane> tokenLane() const { return m_lane; }
    void setTokenLane(std::optional<TokenLane> lane);
    void setRollUp(RollUp unit, bool extreme);
    RollUp rollUp() const { return m_rollUp; }
    bool rollsUpExtreme() const { return m_extreme; }
    /// The chosen lane is recorded in this trace.
    bool isShaded() const { return m_lane && m_tokens.has(*m_lane); }
    const LaneScale& laneScale() const { return m_scale; }
    /// -1 … 1 of each token, after rolling up; empty without a lane.
    const std::vector<float>& shares() const { return m_shares; }
    int currentToken() const;  ///< at the caret; -1: none
    QString describeToken(int token) const;
    void setProportional(bool proportional);
    bool isProportional() const { return m_proportional; }
    /// Formulas set, or as source. While a token lane shades the text they are source: the shades are theirs.
    void setMathSet(bool set);
    bool isMathSet() const { return m_mathSet; }

    // --- folding ---
    const ReaderFolds& folds() const { return m_folds; }
    void setFolds(const ReaderFolds& folds);  ///< ignored when it is of another document
    void toggleStepFold(int step);
    void toggleRegionFold(int region);
    void toggleAllFolds();  ///< folds all steps, or unfolds everything when any is folded

    // --- text ---
    void setHits(std::vector<std::pair<qint64, qint64>> hits, int current);
    /// Selects, moves the caret there and brings it into view, unfolding what hides it.
    void select(qint64 begin, qint64 end);
    std::pair<qint64, qint64> selection() const;  ///< ordered; equal: nothing is selected
    QString selectedText() const;
    void copy() const;  ///< the selection, or the current step
    void reveal(qint64 byte, bool middle);

    // --- geometry, of the whole content in px ---
    qint64 contentHeight() const { return m_heights.total(); }
    qint64 contentTop() const { return m_top; }  ///< what is at the viewport's upper edge
    void scrollTo(qint64 contentY);
    const std::vector<ReaderRow>& rows() const { return m_rows; }
    const HeightIndex& heights() const { return m_heights; }
    const std::vector<std::pair<qint64, qint64>>& hits() const { return m_hits; }
    /// Where a byte's line is in the viewport; invalid when it is folded away.
    QRect rectOfByte(qint64 byte) const;
    QRect ratingRect(int step, int rating) const;  ///< in the viewport; for tests and tours
    int gutterWidth() const { return m_gutter.width; }

  Q_SIGNALS:
    void currentStepChanged(int step);
    void spanSelected(qint64 begin, qint64 end);  ///< the user selected text; equal: took it back
    void ratingClicked(int step, int rating);
    void markClicked(int mark);
    void caretMoved();             ///< another token
    void hoveredToken(int token);  ///< -1: none
    void foldsChanged();
    void hitWanted(int by);  ///< n, N while there are hits
    void changed();          ///< heights, lanes, hits: the minimap

  protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;

  private:
    struct Gutter {  // x of each column; 0 wide: nobody says anything
        int width = 0, index = 0, indexWidth = 0, check = 0, checkWidth = 0, rating = 0, ratingWidth = 0;
        int prm = 0, prmWidth = 0, carlo = 0, carloWidth = 0, critic = 0, criticWidth = 0;
        int dispute = 0, disputeWidth = 0;
    };
    struct Place {  // a row and how far below its top the viewport begins
        int row = 0;
        qint64 offset = 0;
    };

    // layout (trace_canvas_layout.cpp)
    void rebuild();
    void layOutGutter();
    void estimateAll();
    struct Measures {
        int line = 1, columns = 80, head = 1;  ///< px, characters, px
    };
    int estimate(const ReaderRow& row, const Measures& of) const;
    int textWidth() const;
    RowStyle styleOf(const ReaderRow& row) const;
    const RowLayout& layoutOf(int row) const;
    int exactHeight(int row) const;
    void makeExact(int row);
    int reasonHeight(const ReaderRow& row) const;
    int nextShown(int row, int by) const;
    void settle(Place place);
    void relayout();  ///< widths, fonts or folds changed: everything is measured anew, the place stays
    Place placeAt(qint64 contentY) const;
    void refreshShares();
    void forgetUnseen();

    // paint (trace_canvas_paint.cpp)
    void paintRow(QPainter& painter, int row, int y, const QRect& clip);
    void paintHead(QPainter& painter, const ReaderRow& row, const QRect& rect);
    void paintGutter(QPainter& painter, const ReaderRow& row, const QRect& rect);
    void paintRating(QPainter& painter, int step, const QRect& line);
    void paintShades(QPainter& painter, const ReaderRow& row, const RowLayout& layout, const QPointF& at);
    void paintText(QPainter& painter, int row, const QRect& rect, const QRect& clip);
    QString headText(const TraceRegion& region, int index) const;
    QString stepToolTip(int step) const;

    // input (trace_canvas_input.cpp)
    struct Hit {
        int row = -1, y = 0;
        qint64 byte = -1, character = -1;
    };
    Hit hitAt(const QPoint& viewportPoint) const;
    bool pressGutter(const Hit& hit, const QPoint& point);
    void moveCaret(qint64 byte, bool extend);
    void moveByLine(int by, bool extend);
    qint64 besideCaret(int by, bool word) const;
    void stepToCaret();
    void selectWordAt(qint64 byte);
    void updateAccessible();

    std::shared_ptr<const Trace> m_trace;
    TraceDocument m_document;
    TokenTable m_tokens;
    std::vector<StepLane> m_lanes;
    std::vector<StepFacts> m_facts;
    std::vector<CanvasMark> m_marks;
    ReaderFolds m_folds;

    std::vector<ReaderRow> m_rows;
    HeightIndex m_heights;
    std::vector<bool> m_exact;
    mutable std::unordered_map<int, std::unique_ptr<RowLayout>> m_layouts;
    Gutter m_gutter;
    QFont m_font;
    qint64 m_top = 0;
    Place m_place;

    std::optional<TokenLane> m_lane;
    RollUp m_rollUp = RollUp::Token;
    bool m_extreme = false;
    LaneScale m_scale;
    LanePalette m_palette;
    std::vector<float> m_shares;

    std::vector<std::pair<qint64, qint64>> m_hits;
    int m_hit = -1;
    int m_step = -1, m_hovered = -1;
    qint64 m_caret = 0, m_selectionStart = 0;
    bool m_selecting = false, m_ratingEnabled = false, m_proportional = false, m_mathSet = true;
    bool m_settling = false;
    qreal m_caretX = -1;
    QTimer m_autoScroll;
    Minimap* m_minimap;
};

}  // namespace retort

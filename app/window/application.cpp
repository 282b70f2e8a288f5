#include "app/window/application.h"

#include <QApplication>
#include <QLibraryInfo>
#include <QLocale>

#include "app/window/answer_service.h"
#include "app/window/judge_service.h"
#include "app/window/merge_services.h"
#include "views/compare/compare_page.h"
#include "views/compare/interpolation_tab.h"
#include "views/merge/merge_page.h"
#include "views/traces/traces_page.h"

namespace retort {

namespace {

std::filesystem::path storeOf(const WindowOptions& options) {
    return options.store.isEmpty() ? defaultStoreFile() : std::filesystem::path(options.store.toStdString());
}

}  // namespace

Application::Application(const WindowOptions& options, QObject* parent)
    : QObject(parent),
      m_options(options),
      m_session(options.screenshots.isEmpty() ? Session::defaultFile() : QString()) {
    useLanguage(options.language.isEmpty() ? m_session.language() : options.language);
    applyTheme(options.theme.value_or(themeNamed(m_session.theme())));
    m_lab = std::make_unique<Lab>(storeOf(options));
    makeWindow();
}

Application::~Application() {
    m_window.reset();
    m_lab.reset();
}

void Application::useLanguage(const QString& code) {
    const QLocale locale = code.isEmpty() ? QLocale::system() : QLocale(code);
    QLocale::setDefault(locale);
    for (QTranslator* each : {&m_plurals, &m_qtTranslator, &m_translator})
        QCoreApplication::removeTranslator(each);
    // The texts in the source are English, but for its plurals.
    if (m_plurals.load(QStringLiteral(":/i18n/retort_en.qm")))
        QCoreApplication::installTranslator(&m_plurals);
    if (m_qtTranslator.load(locale, QStringLiteral("qtbase"), QStringLiteral("_"),
                            QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(&m_qtTranslator);
    if (m_translator.load(locale, QStringLiteral("retort"), QStringLiteral("_"), QStringLiteral(":/i18n")))
        QCoreApplication::installTranslator(&m_translator);
}

void Application::makeWindow() {
    m_window = std::make_unique<MainWindow>(*m_lab, m_session);
    const BenchServices bench = makeBenchServices(m_lab->storeFile());
    qobject_cast<MergePage*>(m_window->page(Place::Merge))->setServices(bench);
    auto* compare = qobject_cast<ComparePage*>(m_window->page(Place::Compare));
    compare->interpolation()->setOpener(bench.open);
    compare->setAnswerService(makeAnswerService());
    auto* traces = qobject_cast<TracesPage*>(m_window->page(Place::Traces));
    traces->setAnswerService(makeAnswerService());
    traces->setJudgeService(makeJudgeService());
    // Queued: the window asks from inside its own menu, and goes away.
    connect(m_window.get(), &MainWindow::languageChosen, this, &Application::remakeWindow,
            Qt::QueuedConnection);
}

void Application::remakeWindow(const QString& language) {
    m_window->remember();
    useLanguage(language);
    std::unique_ptr<MainWindow> old = std::move(m_window);
    makeWindow();
    m_window->show();
    old->deleteLater();
    old.release();
}

void Application::show() {
    m_window->show();
}

}  // namespace retort

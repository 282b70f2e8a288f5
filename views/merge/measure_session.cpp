#include "views/merge/measure_session.h"

#include <exception>

#include "core/config/values.h"
#include "core/util/error.h"
#include "views/lab.h"
#include "views/merge/recipe_text.h"

namespace retort {

namespace {

/// How long a coarse measurement may go on when there is a newer one to do.
constexpr std::chrono::milliseconds kPatience{400};

/// Equal for requests that one open bench can serve.
std::string keyOf(const MergeBenchRequest& request) {
    const RecipeView recipe = readRecipe(request.recipe);
    Json key = {{"problems", request.numProblems},
                {"length", request.maxCompletionLength},
                {"seed", request.seed},
                {"threads", request.threads},
                {"base", recipe.base},
                // Slices are part of what is opened; where they are, every change opens anew.
                {"models", recipe.isFlat ? Json(recipe.names()) : Json(request.recipe)}};
    for (const TaskSettings& task : request.tasks)
        key["tasks"].push_back({task.task, task.name, task.parameters});
    for (const FileSettings& file : request.files)
        key["files"].push_back({file.path, file.prompt_field, file.completion_field, file.answer_field,
                                file.held_out_share, file.chat_template, file.verifier});
    return key.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

MeasureSession::MeasureSession(QObject* parent) : QObject(parent) {
    m_thread = std::jthread([this](std::stop_token quit) { work(quit); });
}

MeasureSession::~MeasureSession() {
    cancel();
    m_thread.request_stop();
    m_thread.join();
}

void MeasureSession::setOpener(Opener open) {
    cancel();
    const std::scoped_lock lock(m_mutex);
    m_open = std::move(open);
}

quint64 MeasureSession::put(Job job) {
    job.key = keyOf(job.request);
    const std::scoped_lock lock(m_mutex);
    job.number = ++m_last;
    if (!job.isLive) {
        m_queue.push_back(std::move(job));
    } else {
        if (m_running && m_running->isLive) {
            const bool takesLong = std::chrono::steady_clock::now() - m_began > kPatience;
            const bool stale = m_running->effort == MergeBenchEffort::Refined || takesLong;
            if (m_isOpening ? m_running->key != job.key : stale) m_stop.request_stop();
        }
        m_live = std::move(job);
    }
    m_wake.notify_all();
    return m_last;
}

quint64 MeasureSession::measure(const MergeBenchRequest& request, MergeBenchEffort effort) {
    return put({0, request, effort, true, {}});
}

quint64 MeasureSession::add(const MergeBenchRequest& request) {
    return put({0, request, MergeBenchEffort::Refined, false, {}});
}

void MeasureSession::cancel() {
    const std::scoped_lock lock(m_mutex);
    m_live.reset();
    m_queue.clear();
    m_cancelled = m_last;
    m_stop.request_stop();
}

bool MeasureSession::isBusy() const {
    const std::scoped_lock lock(m_mutex);
    return m_live || !m_queue.empty() || (m_running && m_running->number > m_cancelled);
}

std::optional<MeasureSession::Job> MeasureSession::take(std::stop_token quit) {
    std::unique_lock lock(m_mutex);
    m_running.reset();
    if (!m_live && m_queue.empty())
        QMetaObject::invokeMethod(this, &MeasureSession::idle, Qt::QueuedConnection);
    m_wake.wait(lock, quit, [this] { return m_live || !m_queue.empty(); });
    if (quit.stop_requested()) return std::nullopt;
    if (m_live) {
        m_running = std::exchange(m_live, std::nullopt);
    } else {
        m_running = std::move(m_queue.front());
        m_queue.pop_front();
    }
    m_stop = std::stop_source();
    m_began = std::chrono::steady_clock::now();
    return m_running;
}

void MeasureSession::work(std::stop_token quit) {
    while (const std::optional<Job> job = take(quit)) {
        std::stop_token stop;
        {
            const std::scoped_lock lock(m_mutex);
            stop = m_stop.get_token();
        }
        QString message;
        try {
            run(*job, stop);
            continue;
        } catch (const Error& error) {
            message = errorText(error);
        } catch (const std::exception& error) {
            message = QString::fromUtf8(error.what());
        }
        tell(*job, [this, number = job->number, message] { Q_EMIT failed(number, message); });
    }
    m_bench.reset();
}

bool MeasureSession::isStale(const Job& job) {
    const std::scoped_lock lock(m_mutex);
    return job.isLive && m_live;
}

void MeasureSession::run(const Job& job, std::stop_token stop) {
    if (!m_bench || m_benchKey != job.key) {
        Opener open;
        {
            const std::scoped_lock lock(m_mutex);
            open = m_open;
            m_isOpening = true;
        }
        m_bench.reset();  // two sets of models need not fit
        QMetaObject::invokeMethod(this, &MeasureSession::opening, Qt::QueuedConnection);
        try {
            if (open) m_bench = open(job.request, stop);
        } catch (...) {
            const std::scoped_lock lock(m_mutex);
            m_isOpening = false;
            throw;
        }
        m_benchKey = job.key;
        const std::scoped_lock lock(m_mutex);
        m_isOpening = false;
        m_began = std::chrono::steady_clock::now();
    }
    if (stop.stop_requested() || isStale(job)) return;
    if (!m_bench) throw Error("the models could not be opened", "merge bench");
    const auto point = m_bench->measure(job.request.recipe, job.effort, stop);
    if (!point) return;
    tell(job, [this, number = job.number, effort = job.effort, point = *point] {
        Q_EMIT measured(number, effort, point);
    });
}

template <class Call>
void MeasureSession::tell(const Job& job, Call call) {
    QMetaObject::invokeMethod(
        this,
        [this, number = job.number, call = std::move(call)] {
            {
                const std::scoped_lock lock(m_mutex);
                if (number <= m_cancelled) return;
            }
            call();
        },
        Qt::QueuedConnection);
}

}  // namespace retort

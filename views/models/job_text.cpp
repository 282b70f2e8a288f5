#include "views/models/job_text.h"

#include <QCoreApplication>

#include "training/backends/slurm/slurm_end.h"
#include "training/backends/slurm/slurm_job.h"
#include "views/models/format.h"

namespace retort {

namespace {
struct JobText {
    Q_DECLARE_TR_FUNCTIONS(JobText)
};
}  // namespace

QString jobText(const JobRow& job) {
    if (job.jobId.empty()) return {};
    QString text = JobText::tr("Job %1 on %2").arg(toQString(job.jobId), toQString(job.machine));
    if (job.jobState.empty()) return text;
    text += QStringLiteral(": ") + toQString(job.jobState);
    if (slurmPhase(job.jobState) != SlurmPhase::Waiting) return text;
    if (job.expectedStart) text += JobText::tr(", begins about %1").arg(formatTime(*job.expectedStart));
    if (const std::string why = explainWaiting(job.reason); !why.empty())
        text += QStringLiteral(" (%1: %2)").arg(toQString(job.reason), toQString(why));
    return text;
}

}  // namespace retort

#include "training/engine/process_group.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cstring>

#include "core/util/error.h"
#ifdef RETORT_HAS_C10D
#include "training/engine/c10d_group.h"
#endif

namespace retort {

#ifdef RETORT_HAS_C10D
struct ProcessGroup::Impl {
    C10dGroup group;
};

namespace {

/// Gloo works at several of them at a time.
constexpr std::int64_t bucketSize = std::int64_t(1) << 22;  // numbers

std::vector<at::Tensor> bucketsOf(const at::Tensor& flat) {
    std::vector<at::Tensor> buckets;
    for (std::int64_t begin = 0; begin < flat.numel(); begin += bucketSize)
        buckets.push_back(flat.slice(0, begin, std::min(begin + bucketSize, flat.numel())));
    return buckets;
}

/// Joined as one small tensor, and back.
void reduceNumbers(C10dGroup& group, const std::vector<double*>& values,
                   c10d::ReduceOp::RedOpType operation) {
    if (values.empty()) return;
    const at::Tensor joined = at::empty({std::int64_t(values.size())}, at::kDouble);
    double* place = joined.data_ptr<double>();
    for (std::size_t i = 0; i < values.size(); ++i) place[i] = *values[i];
    group.reduce({joined}, operation);
    for (std::size_t i = 0; i < values.size(); ++i) *values[i] = place[i];
}

at::Tensor bytesIn(const std::string& text, std::int64_t size) {
    const at::Tensor bytes = at::zeros({std::max<std::int64_t>(size, 1)}, at::kByte);
    std::memcpy(bytes.data_ptr(), text.data(), text.size());
    return bytes;
}

std::string textIn(const at::Tensor& bytes, std::int64_t size) {
    return {static_cast<const char*>(bytes.data_ptr()), std::size_t(size)};
}

}  // namespace

std::shared_ptr<ProcessGroup> ProcessGroup::join(const Join& join) {
    std::shared_ptr<ProcessGroup> group(new ProcessGroup);
    if (!join.launch.isParallel()) return group;
    group->m_impl.reset(new Impl{C10dGroup(join)});
    group->m_rank = join.launch.rank;
    group->m_size = join.launch.size;
    group->m_ranks = group->m_impl->group.ranks();
    return group;
}

void ProcessGroup::sum(at::Tensor& tensor) {
    if (isAlone()) return;
    at::Tensor here = tensor.cpu().contiguous();
    m_impl->group.reduce(bucketsOf(here.view(-1)), c10d::ReduceOp::SUM);
    if (!here.is_same(tensor)) tensor.copy_(here);
}

void ProcessGroup::takeFromFirst(at::Tensor& tensor) {
    if (isAlone()) return;
    at::Tensor here = tensor.cpu().contiguous();
    for (const at::Tensor& bucket : bucketsOf(here.view(-1))) m_impl->group.broadcast(bucket);
    if (here.is_same(tensor))
        tensor.unsafeGetTensorImpl()->bump_version();  // caches of what follows from it look at that
    else
        tensor.copy_(here);
}

void ProcessGroup::takeFromFirst(std::vector<double>& values) {
    if (isAlone() || values.empty()) return;
    at::Tensor joined = at::from_blob(values.data(), {std::int64_t(values.size())}, at::kDouble);
    takeFromFirst(joined);
}

void ProcessGroup::sum(std::initializer_list<double*> values) {
    if (!isAlone()) reduceNumbers(m_impl->group, values, c10d::ReduceOp::SUM);
}

void ProcessGroup::sum(std::vector<double>& values) {
    std::vector<double*> places;
    for (double& value : values) places.push_back(&value);
    if (!isAlone()) reduceNumbers(m_impl->group, places, c10d::ReduceOp::SUM);
}

void ProcessGroup::max(std::initializer_list<double*> values) {
    if (!isAlone()) reduceNumbers(m_impl->group, values, c10d::ReduceOp::MAX);
}

void ProcessGroup::min(std::initializer_list<double*> values) {
    if (!isAlone()) reduceNumbers(m_impl->group, values, c10d::ReduceOp::MIN);
}

std::vector<std::string> ProcessGroup::gather(const std::string& mine) {
    if (isAlone()) return {mine};
    const at::Tensor size = at::full({1}, std::int64_t(mine.size()), at::kLong);
    std::vector<std::int64_t> sizes;
    for (const at::Tensor& each : m_impl->group.gather(size)) sizes.push_back(each.item<std::int64_t>());
    const std::int64_t longest = *std::max_element(sizes.begin(), sizes.end());
    const std::vector<at::Tensor> all = m_impl->group.gather(bytesIn(mine, longest));
    std::vector<std::string> texts;
    for (std::size_t rank = 0; rank < all.size(); ++rank) texts.push_back(textIn(all[rank], sizes[rank]));
    return texts;
}

std::string ProcessGroup::fromFirst(const std::string& mine) {
    if (isAlone()) return mine;
    const at::Tensor size = at::full({1}, std::int64_t(mine.size()), at::kLong);
    m_impl->group.broadcast(size);
    const auto length = size.item<std::int64_t>();
    const at::Tensor bytes = bytesIn(isFirst() ? mine : std::string(), length);
    m_impl->group.broadcast(bytes);
    return textIn(bytes, length);
}

void ProcessGroup::leave() {
    if (!isAlone()) m_impl->group.leave();
}

void ProcessGroup::askStop() {
    if (!isAlone()) m_impl->group.watch().askStop();
}

bool ProcessGroup::isStopAsked() const {
    return !isAlone() && m_impl->group.watch().isStopAsked();
}

std::string ProcessGroup::failure() const {
    return isAlone() ? std::string() : m_impl->group.watch().failure();
}

bool ProcessGroup::isFirstLost() const {
    return !isAlone() && m_impl->group.watch().isFirstLost();
}

void ProcessGroup::fail(const std::string& text) {
    if (!isAlone()) m_impl->group.fail(text);
}

#else

struct ProcessGroup::Impl {};

std::shared_ptr<ProcessGroup> ProcessGroup::join(const Join& join) {
    if (join.launch.isParallel())
        throw Error("this build cannot train in more than one process: " + join.launch.launcher +
                        " started it as rank " + std::to_string(join.launch.rank) + " of " +
                        std::to_string(join.launch.size),
                    "environment",
                    "start one process, or build Retort where Gloo's headers are beside LibTorch's "
                    "(Debian: libgloo-dev)");
    return alone();
}

void ProcessGroup::sum(at::Tensor&) {}
void ProcessGroup::takeFromFirst(at::Tensor&) {}
void ProcessGroup::takeFromFirst(std::vector<double>&) {}
void ProcessGroup::sum(std::initializer_list<double*>) {}
void ProcessGroup::sum(std::vector<double>&) {}
void ProcessGroup::max(std::initializer_list<double*>) {}
void ProcessGroup::min(std::initializer_list<double*>) {}
std::vector<std::string> ProcessGroup::gather(const std::string& mine) {
    return {mine};
}
std::string ProcessGroup::fromFirst(const std::string& mine) {
    return mine;
}
void ProcessGroup::leave() {}
void ProcessGroup::askStop() {}
bool ProcessGroup::isStopAsked() const {
    return false;
}
std::string ProcessGroup::failure() const {
    return {};
}
bool ProcessGroup::isFirstLost() const {
    return false;
}
void ProcessGroup::fail(const std::string&) {}

#endif

ProcessGroup::ProcessGroup() = default;
ProcessGroup::~ProcessGroup() = default;

std::shared_ptr<ProcessGroup> ProcessGroup::alone() {
    return std::shared_ptr<ProcessGroup>(new ProcessGroup);
}

std::pair<std::size_t, std::size_t> ProcessGroup::share(std::size_t count, int rank) const {
    const auto size = std::size_t(m_size), place = std::size_t(rank);
    return {count * place / size, count * (place + 1) / size};
}

int ProcessGroup::ranksOnTheseCores() const {
    if (isAlone()) return 1;
    const RankIdentity& own = m_ranks[std::size_t(m_rank)];
    return int(std::count_if(m_ranks.begin(), m_ranks.end(), [&](const RankIdentity& rank) {
        return rank.host == own.host && rank.cores == own.cores;
    }));
}

bool ProcessGroup::any(bool mine) {
    double is = mine ? 1 : 0;
    max({&is});
    return is > 0;
}

void ProcessGroup::firstThenOthers(const std::function<void()>& work) {
    if (isFirst()) work();
    any(false);
    if (!isFirst()) work();
}

}  // namespace retort

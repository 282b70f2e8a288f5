#include "training/engine/c10d_group.h"

#include <sched.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <future>
#include <thread>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>

#include "core/util/error.h"
#include "core/util/json.h"
#include "training/engine/rank_address.h"

namespace retort {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto waitSlice = milliseconds(250);
constexpr auto lookInterval = milliseconds(100);
/// Of one attempt to reach rank 0's store, between which a stop is heard.
constexpr auto reachSlice = seconds(3);
/// Gloo's own limit for one operation. Ranks wait for each other as long as it takes, while a checkpoint is
/// written or a run is paused; PeerWatch says when it is in vain.
constexpr auto operationLimit = std::chrono::hours(24 * 30);
/// How long a broken connection may take to be explained by whose heart has stopped: two seconds, where the
/// machine is not too busy to listen.
constexpr auto explanationLimit = seconds(30);
/// Waits of `waitSlice` without a round of the watch: rank 0's machine is silent.
constexpr int silentSlices = 80;

std::string coreMask() {
    cpu_set_t mask;
    std::string text;
    if (::sched_getaffinity(0, sizeof mask, &mask) != 0) return text;
    for (int core = 0; core < CPU_SETSIZE; ++core)
        if (CPU_ISSET(core, &mask)) text += std::to_string(core) + ",";
    return text;
}

std::string hostName() {
    char name[256] = "localhost";
    ::gethostname(name, sizeof name - 1);
    return name;
}

std::string keyOf(int rank) {
    return "rank/" + std::to_string(rank);
}

std::vector<std::uint8_t> bytesOf(const std::string& text) {
    return {text.begin(), text.end()};
}

c10::intrusive_ptr<c10d::TCPStore> openStore(const ParallelLaunch& launch, bool serves, seconds limit) {
    c10d::TCPStoreOptions options;
    options.port = std::uint16_t(launch.port);
    options.isServer = serves;
    options.waitWorkers = false;
    options.timeout = limit;
    // Rank 0 need not find itself by the name that others know it by.
    return c10::make_intrusive<c10d::TCPStore>(launch.rank == 0 ? "127.0.0.1" : launch.address, options);
}

/// LibTorch's messages carry a stack trace behind the first line.
std::string firstLine(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

std::string placeOf(const ParallelLaunch& launch) {
    return launch.address + ":" + std::to_string(launch.port);
}

}  // namespace

std::string C10dGroup::nameOf(int rank) const {
    const RankIdentity& identity = m_ranks[std::size_t(rank)];
    return "rank " + std::to_string(rank) + " (" + identity.host + ", process " +
           std::to_string(identity.pid) + ")";
}

C10dGroup::C10dGroup(const ProcessGroup::Join& join) : m_launch(join.launch) {
    const seconds limit(join.seconds);
    const auto until = Clock::now() + limit;
    if (m_launch.rank == 0)
        serve(limit);
    else
        reach(join, until);
    meet(join, until);
    std::vector<std::string> names;
    for (int rank = 0; rank < m_launch.size; ++rank) names.push_back(nameOf(rank));
    m_watch = std::make_unique<PeerWatch>(
        [launch = m_launch, limit]() -> PeerWatch::StorePointer { return openStore(launch, false, limit); },
        m_launch.rank, names);
    std::string own = m_addresses[std::size_t(m_launch.rank)];
    // Rank 0's own name may mean loopback to itself: it takes the address of the way to another machine's
    // rank.
    for (const std::string& address : m_addresses)
        if (m_launch.rank == 0 && isLoopback(own) && !isLoopback(address))
            own = localAddressTowards(address, m_launch.port);
    connect(own);
}

C10dGroup::~C10dGroup() {
    if (!m_broken) return;
    m_gloo.release();
    m_watch.release();
    if (m_launch.rank != 0) m_store.release();
}

void C10dGroup::serve(seconds limit) {
    try {
        m_store = openStore(m_launch, true, limit);
    } catch (const std::exception& error) {
        throw Error(std::string("cannot wait for the other ranks: ") + firstLine(error.what()),
                    placeOf(m_launch), "choose another MASTER_PORT");
    }
}

void C10dGroup::reach(const ProcessGroup::Join& join, Clock::time_point until) {
    while (!m_store) {
        requireNoStop(join);
        try {
            m_store = openStore(m_launch, false, reachSlice);
        } catch (const std::exception& error) {
            if (Clock::now() >= until)
                throw Error(std::string("cannot reach rank 0: ") + firstLine(error.what()), placeOf(m_launch),
                            "is rank 0 running there, and does a firewall keep ranks apart?");
            std::this_thread::sleep_for(lookInterval);
        }
    }
    m_store->setTimeout(seconds(join.seconds));
}

void C10dGroup::requireNoStop(const ProcessGroup::Join& join) const {
    if (join.isStopped && join.isStopped())
        throw Error("was asked to stop before all ranks had met", placeOf(m_launch));
}

// Asked again and again: a wait of the store's own hears of no stop, and some versions lose the thread of
// what they read when it times out.
void C10dGroup::waitFor(int rank, const ProcessGroup::Join& join, Clock::time_point until) {
    const auto isThere = [&] {
        try {
            return m_store->check({keyOf(rank)});
        } catch (const std::exception&) {
            throw Error("rank 0 ended before all ranks had met", placeOf(m_launch),
                        "its own output says why");
        }
    };
    while (!isThere()) {
        requireNoStop(join);
        if (Clock::now() >= until)
            throw Error("rank " + std::to_string(rank) + " of " + std::to_string(m_launch.size) +
                            " did not come within " + std::to_string(join.seconds) + " s",
                        placeOf(m_launch), "look at its own output, and whether it can reach that address");
        std::this_thread::sleep_for(lookInterval);
    }
}

void C10dGroup::meet(const ProcessGroup::Join& join, Clock::time_point until) {
    const int size = m_launch.size;
    const std::string address = localAddressTowards(m_launch.address, m_launch.port);
    const Json own{{"host", hostName()}, {"pid", std::int64_t(::getpid())}, {"cores", coreMask()},
                   {"address", address}, {"agreement", join.agreement},     {"size", size}};
    const std::string twice = "two processes say that they are rank " + std::to_string(m_launch.rank);
    if (m_store->add("count/" + std::to_string(m_launch.rank), 1) != 1)
        throw Error(twice, placeOf(m_launch), "every process needs a RANK of its own");
    m_store->set(keyOf(m_launch.rank), bytesOf(own.dump()));
    for (int rank = 0; rank < size; ++rank) {
        waitFor(rank, join, until);
        const std::vector<std::uint8_t> bytes = m_store->get(keyOf(rank));
        const Json said = Json::parse(std::string(bytes.begin(), bytes.end()));
        m_ranks.push_back({said.at("host").get<std::string>(), said.at("cores").get<std::string>(),
                           said.at("pid").get<std::int64_t>()});
        m_addresses.push_back(said.at("address").get<std::string>());
        if (said.at("size").get<int>() != size || said.at("agreement") != join.agreement)
            throw Error(nameOf(rank) + " belongs to another run, or is another version of Retort: it says " +
                            said.at("agreement").get<std::string>() + ", this one " + join.agreement,
                        placeOf(m_launch), "start all ranks with the same command");
    }
}

// In a thread of its own, since Gloo waits for a rank that is gone as long as for one that is late.
void C10dGroup::connect(const std::string& address) {
    const char* interface = std::getenv("GLOO_SOCKET_IFNAME");
    auto options = c10d::ProcessGroupGloo::Options::create(operationLimit);
    std::promise<c10::intrusive_ptr<c10d::ProcessGroupGloo>> promise;
    auto connected = promise.get_future();
    std::thread connecting([options, address, interface, store = m_store, launch = m_launch,
                            result = std::move(promise)]() mutable {
        try {
            options->devices.push_back(
                interface && *interface ? c10d::ProcessGroupGloo::createDeviceForInterface(interface)
                                        : c10d::ProcessGroupGloo::createDeviceForHostname(address));
            result.set_value(c10::make_intrusive<c10d::ProcessGroupGloo>(
                c10::make_intrusive<c10d::PrefixStore>("gloo", store), launch.rank, launch.size, options));
        } catch (...) {
            result.set_exception(std::current_exception());
        }
    });
    connecting.detach();
    while (connected.wait_for(waitSlice) != std::future_status::ready) requireWhole();
    try {
        m_gloo = connected.get();
    } catch (const std::exception& error) {
        explainBreak(firstLine(error.what()));
    }
}

void C10dGroup::failWith(const std::string& text) {
    m_broken = true;
    throw Error(text, "", "the run can be resumed from its last checkpoint");
}

void C10dGroup::requireWhole() {
    if (const std::string failure = m_watch->failure(); !failure.empty()) failWith(failure);
}

// Which connection broke says little: the rank at its other end may have ended because of a third.
void C10dGroup::explainBreak(const std::string& what) {
    m_watch->suspect();
    const auto until = Clock::now() + explanationLimit;
    while (Clock::now() < until && m_watch->failure().empty()) std::this_thread::sleep_for(milliseconds(20));
    requireWhole();
    failWith("lost the connection to another rank: " + what);
}

void C10dGroup::finish(const c10::intrusive_ptr<Work>& work) {
    std::int64_t rounds = m_watch->rounds();
    for (int silent = 0;; ++silent) {
        try {
            work->wait(waitSlice);
            return;
        } catch (const std::exception& error) {
            if (work->isCompleted()) explainBreak(firstLine(error.what()));
        }
        requireWhole();
        if (m_watch->rounds() != rounds) silent = 0;
        rounds = m_watch->rounds();
        if (silent >= silentSlices) m_watch->firstIsLost();
    }
}

void C10dGroup::reduce(std::vector<at::Tensor> tensors, c10d::ReduceOp::RedOpType operation) {
    requireWhole();
    c10d::AllreduceOptions options;
    options.reduceOp = operation;
    std::vector<c10::intrusive_ptr<Work>> works;
    for (at::Tensor& tensor : tensors) {
        std::vector<at::Tensor> one{tensor};
        works.push_back(m_gloo->allreduce(one, options));
    }
    for (const auto& work : works) finish(work);
}

void C10dGroup::broadcast(at::Tensor tensor) {
    requireWhole();
    std::vector<at::Tensor> one{std::move(tensor)};
    finish(m_gloo->broadcast(one));
}

std::vector<at::Tensor> C10dGroup::gather(at::Tensor tensor) {
    requireWhole();
    std::vector<std::vector<at::Tensor>> all(1);
    for (int rank = 0; rank < m_launch.size; ++rank) all[0].push_back(at::empty_like(tensor));
    std::vector<at::Tensor> own{std::move(tensor)};
    finish(m_gloo->allgather(all, own));
    return all[0];
}

// Rank 0 goes last: it holds the store.
void C10dGroup::leave() {
    at::Tensor nothing = at::zeros({1});
    reduce({nothing}, c10d::ReduceOp::SUM);
    m_watch->stop();
    try {
        m_store->add("left", 1);
        const auto until = Clock::now() + seconds(10);
        while (m_launch.rank == 0 && Clock::now() < until && m_store->add("left", 0) < m_launch.size)
            std::this_thread::sleep_for(milliseconds(5));
    } catch (const std::exception&) {  // rank 0 has gone: so may we
    }
}

void C10dGroup::fail(const std::string& text) {
    m_broken = true;
    const bool mine = m_watch->failure().empty();
    if (!mine && m_launch.rank != 0) return;
    try {
        const std::string said = (m_launch.rank == 0 ? "" : nameOf(m_launch.rank) + ": ") + text;
        if (mine) m_store->compareSet(PeerWatch::failureKey, {}, bytesOf(said));
        // Those who have not read it would only find that the store is gone. The one that failed reads
        // nothing.
        const int readers = mine ? m_launch.size : m_launch.size - 1;
        const auto until = Clock::now() + seconds(3);
        while (m_launch.rank == 0 && Clock::now() < until && m_store->add(PeerWatch::noticedKey, 0) < readers)
            std::this_thread::sleep_for(milliseconds(20));
    } catch (const std::exception&) {  // the store is gone: the others know
    }
}

}  // namespace retort

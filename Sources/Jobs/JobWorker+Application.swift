internal import Actions
package import Data

extension JobWorker.Options {
    /// The places for the jobs of the application. Pushes go to servers that anybody names, and have places of their own: slow
    /// ones hold up no mail and no call. So do messages of which many are told, an eighth as many as all others.
    package static func application(jobs: Int = 16, pushes: Int = 4) -> JobWorker.Options {
        var options = JobWorker.Options()
        options.concurrency = jobs
        options.lanes = [
            JobWorker.Lane(PushDelivery.queue, concurrency: pushes),
            JobWorker.Lane(MessageNotices.queue, concurrency: max(1, jobs / 8)),
        ]
        return options
    }
}

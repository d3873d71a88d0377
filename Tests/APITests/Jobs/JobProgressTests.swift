import Data
import EventLoop
import PostgresClient
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(3))) struct JobProgressTests {
    private let subscription = """
        subscription ($job: ID!) { jobProgress(jobId: $job) { job { id } status percent message } }
        """

    private func enqueue(for owner: UUID, _ server: APIServer) async throws -> UUID {
        var job = NewJob("export")
        job.ownerID = owner
        let added = job
        let ids = try await server.group.loops[0].start { [database = server.database] in
            try await database.pool.transaction { try await $0.enqueue([added], waking: database.worker) }
        }
        return try #require(ids.first)
    }

    @Test func `whoever a job is for is told how far it is until it has ended`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let id = try await enqueue(for: try server.userID("ida"), server)
            let job = GlobalID.text("job", id)
            let stream = try LiveStream(server, subscription, ["job": job], token: ida.access)
            let first = try #require(try stream.next())
            #expect(first["data.jobProgress.job.id"] == job)
            #expect(first["data.jobProgress.status"] == "QUEUED")
            let goes = Atomic(false)
            await server.database.startJobs(name: "test", JobWorker.Options()) { job in
                job.report(percent: 40, "so far")
                while !goes.load(ordering: .relaxed) { try await Task.sleep(for: .milliseconds(5)) }
            }
            var told = try #require(try stream.next())
            while told["data.jobProgress.percent"] == nil { told = try #require(try stream.next()) }
            #expect(told["data.jobProgress.status"] == "RUNNING")
            #expect(told["data.jobProgress.percent"] == "40")
            #expect(told["data.jobProgress.message"] == "so far")
            goes.store(true, ordering: .relaxed)
            let last = try #require(try stream.next())
            #expect(last["data.jobProgress.status"] == "SUCCEEDED")
            #expect(try stream.next() == nil)
            let query = "{ job(id: \"\(job)\") { name status progressPercent attempts } }"
            let answer = try server.ask(query, token: ida.access)
            #expect(answer["data.job.name"] == "export")
            #expect(answer["data.job.status"] == "SUCCEEDED")
            #expect(answer["data.job.attempts"] == "1")
            let node = try server.ask("{ node(id: \"\(job)\") { __typename } }", token: ida.access)
            #expect(node["data.node.__typename"] == "Job")
            await server.database.stopJobs(within: .seconds(5))
        }
    }

    @Test func `nothing is told of the jobs of others`() async throws {
        try await APIServer.with { server in
            let eve = try server.register("eve")
            _ = try server.register("ida")
            let job = GlobalID.text("job", try await enqueue(for: try server.userID("ida"), server))
            for id in [job, "job_0", "usr_00000000000000000000000000"] {
                let stream = try LiveStream(server, subscription, ["job": id], token: eve.access)
                #expect(try stream.next() == nil)
                #expect(try server.ask("{ job(id: \"\(id)\") { id } }", token: eve.access)["data.job.id"] == nil)
            }
            let admin = try server.register("adm")
            try server.sql("INSERT INTO user_roles SELECT id, 'ADMIN' FROM users WHERE username = 'adm'")
            server.pass(seconds: 2)
            let seen = try server.ask("{ job(id: \"\(job)\") { id } }", token: admin.access)
            #expect(seen["data.job.id"] == job)
        }
    }
}

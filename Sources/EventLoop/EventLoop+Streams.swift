extension EventLoop {
    /// Streams open on this loop.
    public var openStreams: Int { streams.count }

    /// Takes a closed stream out of the table; the last one fills the hole.
    func forget(_ stream: StreamConnection) {
        guard stream.slot >= 0 else { return }
        let last = streams.removeLast()
        if last !== stream {
            streams[stream.slot] = last
            last.slot = stream.slot
        }
        stream.slot = -1
        if stream.hasShare { shares.leave(stream.peer) }
        if streams.count < configuration.maximumStreams {
            for listener in listeners { listener.resume() }
        }
        if streams.isEmpty, let drained, listeners.isEmpty {
            self.drained = nil
            drained()
        }
    }

    /// Takes the connections that wait in the kernel's queue, stops listening, and asks every stream to finish.
    /// `then` runs when the last one has.
    func drain(then: @escaping () -> Void) {
        assertOnLoop()
        while let listener = listeners.last {
            listener.acceptRemaining()
            listener.close()
        }
        drained = then
        for stream in streams { stream.handler?.drain(on: stream) }
        if streams.isEmpty, let drained {
            self.drained = nil
            drained()
        }
    }
}

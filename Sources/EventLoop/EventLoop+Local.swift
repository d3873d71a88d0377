extension EventLoop {
    /// What `owner` keeps on this loop; made when it first asks. Nobody else touches it, so it needs no lock.
    public func local<State: AnyObject>(of owner: AnyObject, _ make: () -> State) -> State {
        assertOnLoop()
        for entry in locals where entry.owner === owner { return unsafeDowncast(entry.state, to: State.self) }
        let state = make()
        locals.append((owner, state))
        return state
    }
}

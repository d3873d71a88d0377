"""Turns the results of a run into Markdown, JSON and a picture."""
import json, statistics

COLOURS = {"atrium": "#d9480f"}
# Microseconds of CPU a request may take, as aimed at on a machine on which nginx took 5.0 for W1 and the loop by hand 190
# for W2; so on any machine, so many times what those take.
AIMS = {"W1": (7.5, "W1", "nginx", 5.0), "W2": (380, "W2", "by hand", 190), "W3": (16, "W1", "nginx", 5.0),
        "W4": (600, "W1", "nginx", 5.0), "W5": (50, "W1", "nginx", 5.0), "W6": (110, "W1", "nginx", 5.0),
        "W6b": (65, "W1", "nginx", 5.0), "W7": (5.0, "W1", "nginx", 5.0)}


def median(runs, key):
    values = [run[key] for run in runs if run.get(key) is not None]
    return statistics.median(values) if values else None


def figure(value):
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"


def row(name, runs, ours):
    rates = [run["rate"] for run in runs if "rate" in run]
    failed = next((run["failed"] for run in runs if "failed" in run), None if any(rates) else "no answer in time")
    if failed:
        return f"| {name} | {failed} | | | | | |"
    connections = runs[-1].get("connections", 64)
    # What is under way when the time ends is in the CPU but not in the answers.
    if runs[0].get("bytes") is not None and sum(run["requests"] for run in runs) < 4 * connections:
        return f"| {name} | too few answers in the time to tell | | | | | |"
    if connections != 64:
        name += f" ({connections} connections)"
    rate, cpu = median(runs, "rate"), median(runs, "cpu")
    p99 = median(runs, "p99")
    errors = sum(run.get("errors", 0) for run in runs)
    cells = [name + (f" ({errors} errors)" if errors else ""), figure(rate), f"{figure(min(rates))} – {figure(max(rates))}",
             figure(cpu) if cpu else "", f"{p99 / 1000:.1f}" if p99 else "", figure(median(runs, "memory")),
             f"{ours / rate:.2f}" if ours and not name.startswith("atrium") else ""]
    return "| " + " | ".join(cells) + " |"


def markdown(results):
    facts = results["facts"]
    lines = ["# Beside the peers", "",
             "Repeat with `scripts/bench`; every server answers the same schema from the same PostgreSQL, and their answers were the",
             "same before anything was timed. What each server is and how it is set up: [Benchmarks/peers](../../Benchmarks/peers).",
             "What falls short of its aim and why: [peers-notes.md](peers-notes.md).", "",
             f"Taken {facts['date']} UTC: {results['rounds']} alternating rounds of {results['seconds']:g} s (W7b: one), medians; one core for the server, the",
             f"other for the load and PostgreSQL; 64 connections unless said otherwise (W9: one); {facts['processor']}, {facts['cores']} cores, Linux {facts['kernel']},",
             f"load average at the start {facts['load']:.1f}. Servers that are not measured are held meanwhile. What else the machine does",
             "makes rates lower bounds; CPU per request is the steadier figure. Compare within this run only.", "",
             "![requests per second](peers.svg)", ""]
    lines += aims(results)
    for name, servers in results["workloads"].items():
        ours = median(servers["atrium"], "rate") if "atrium" in servers else None
        unit = "messages/s" if name.startswith("W7") else "requests/s"
        lines += [f"## {name}: {results['titles'][name]}", "",
                  f"| | {unit} | spread | server CPU µs | p99 ms | MB resident | atrium is × |", "|---|--:|--:|--:|--:|--:|--:|"]
        lines += [row(server, runs, ours) for server, runs in servers.items()]
        peaks = [f"{server} {median(runs, 'peak'):.0f} MB" for server, runs in servers.items() if median(runs, "peak")]
        if peaks:
            lines += ["", "Most memory while answering: " + ", ".join(peaks) + "."]
        counts = results["statements"].get(name)
        if counts:
            lines += ["", "Statements per request: " + ", ".join(f"{server} {count:g}" for server, count in counts.items()) + "."]
        lines.append("")
    lines += ["## Versions", "", ", ".join(facts["versions"].values()) + "; " + ", ".join(facts["packages"]) + ".", ""]
    if results["missing"]:
        lines += ["Not compared here, because they could not be set up: " + "; ".join(results["missing"]) + ".", ""]
    return "\n".join(lines)


def aims(results):
    """Our CPU beside the aims, and whoever is ahead of us in anything."""
    workloads = results["workloads"]
    lines = ["## Against the aims", "",
             "CPU per request beside what was aimed at, by itself and as a multiple of a yardstick in the same run: absolute",
             "figures move with the machine, multiples do so less. Why what falls short does: [peers-notes.md](peers-notes.md).", "",
             "| | aim, machine at rest | aim beside the yardstick | this run | beside the yardstick | reached |", "|---|--:|--:|--:|--:|---|"]
    for name, (aim, where, yardstick, then) in AIMS.items():
        ours, measure = workloads.get(name, {}).get("atrium"), workloads.get(where, {}).get(yardstick)
        if not ours or not measure:
            continue
        taken, unit = median(ours, "cpu"), median(measure, "cpu")
        verdict = " and ".join(what for what, is_so in (("in CPU", taken <= aim), ("relative to it", taken / unit <= aim / then)) if is_so)
        lines.append(f"| {name} | {figure(aim)} µs | {aim / then:.2f} × {yardstick} | {figure(taken)} µs | {taken / unit:.2f} × | {verdict or 'no'} |")
    behind = []
    for name, servers in workloads.items():
        for key, word, sign in (("rate", "requests", 1), ("cpu", "CPU", -1)):
            ours = median(servers.get("atrium", []), key)
            for server, runs in servers.items():
                theirs = median(runs, key)
                is_peer = server not in ("atrium", "nginx", "by hand") and not server.startswith("pgbench")
                if ours and theirs and is_peer and (theirs - ours) * sign > 0:
                    behind.append(f"{name} {server} in {word} ({ours / theirs:.2f})")
    lines += ["", "Ahead of us: " + ("; ".join(behind) if behind else "no peer, in requests or in CPU, in any workload") + ".", ""]
    return lines


def picture(results):
    """A panel of bars for each workload, each to its own scale."""
    width, bar, left, parts, top = 760, 18, 190, [], 10
    for name, servers in results["workloads"].items():
        rates = {server: median(runs, "rate") or 0 for server, runs in servers.items()}
        longest = max(list(rates.values()) + [1])
        title = results["titles"][name].replace("`", "")
        parts.append(f'<text x="10" y="{top + 14}" font-weight="bold">{name}: {title}</text>')
        top += 22
        for server, rate in rates.items():
            length = (width - left - 90) * rate / longest
            parts.append(f'<text x="{left - 8}" y="{top + 13}" text-anchor="end">{server}</text>'
                         f'<rect x="{left}" y="{top + 2}" width="{length:.1f}" height="{bar - 4}" fill="{COLOURS.get(server, "#868e96")}"/>'
                         f'<text x="{left + length + 6:.1f}" y="{top + 13}">{figure(rate)}</text>')
            top += bar
        top += 12
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{top}" font-family="sans-serif" font-size="12">'
            f'<rect width="100%" height="100%" fill="white"/>{"".join(parts)}</svg>\n')


def write(results, output):
    for name, text in (("md", markdown(results)), ("json", json.dumps(results, indent=1) + "\n"), ("svg", picture(results))):
        with open(f"{output}/peers.{name}", "w") as file:
            file.write(text)

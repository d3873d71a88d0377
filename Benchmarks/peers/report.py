"""Turns the results of a run into Markdown, JSON and a picture."""
import json, statistics

COLOURS = {"atrium": "#d9480f"}


def median(runs, key):
    values = [run[key] for run in runs if run.get(key) is not None]
    return statistics.median(values) if values else None


def figure(value):
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"


def row(name, runs, ours):
    rates = [run["rate"] for run in runs if "rate" in run]
    if not any(rates):
        return f"| {name} | {runs[0].get('failed', 'no answer in time')} | | | | | |"
    # What is under way when the time ends is in the CPU but not in the answers.
    if runs[0].get("bytes") is not None and sum(run["requests"] for run in runs) < 4 * 64:
        return f"| {name} | too few answers in the time to tell | | | | | |"
    rate, cpu = median(runs, "rate"), median(runs, "cpu")
    p99 = median(runs, "p99")
    errors = sum(run.get("errors", 0) for run in runs)
    cells = [name + (f" ({errors} errors)" if errors else ""), figure(rate), f"{figure(min(rates))} – {figure(max(rates))}",
             figure(cpu) if cpu else "", f"{p99 / 1000:.1f}" if p99 else "", figure(median(runs, "memory")),
             f"{ours / rate:.2f}" if ours and name != "atrium" else ""]
    return "| " + " | ".join(cells) + " |"


def markdown(results):
    facts = results["facts"]
    lines = ["# Beside the peers", "",
             "Repeat with `scripts/bench`; every server answers the same schema from the same PostgreSQL, and their answers were the",
             "same before anything was timed. What each server is and how it is set up: [Benchmarks/peers](../../Benchmarks/peers).",
             "What falls short of its aim and why: [peers-notes.md](peers-notes.md).", "",
             f"Taken {facts['date']} UTC: {results['rounds']} alternating rounds of {results['seconds']:g} s, medians; one core for the server, the",
             f"other for the load and PostgreSQL; 64 connections (W9: one); {facts['processor']}, {facts['cores']} cores, Linux {facts['kernel']},",
             f"load average at the start {facts['load']:.1f}: other work shares the machine, so rates are lower bounds and CPU per request",
             "is the steadier figure. Compare within this run only.", "",
             "![requests per second](peers.svg)", ""]
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

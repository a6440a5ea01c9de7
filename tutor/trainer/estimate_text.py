"""The document of an estimate, for people."""

from __future__ import annotations

from typing import Any

from tutor.core.metrics import duration


def text_of(data: dict[str, Any]) -> str:
    """Some lines on this machine, a table of others, and what is measured and what is not."""
    lines = [*_machine(data["machine"]), *_training(data["training"]), *_here(data), "", *_table(data["elsewhere"])]
    if data["verified"]:
        lines += ["", _verified(data["verified"])]
    return "\n".join(lines)


def long_duration(seconds: float) -> str:
    """'42 s', '3:05 min', '2:10 h', '12 days'."""
    return duration(seconds) if seconds < 3 * 86400 else f"{seconds / 86400:,.0f} days"


def _machine(found: dict[str, Any]) -> list[str]:
    threads = f", {found['threads']} thread{'s' * (found['threads'] > 1)}" if found["device"] == "cpu" else ""
    speeds = " · ".join(f"{name} {_tera(figure)}" for name, figure in found["matmul"].items())
    return [
        f"Machine   {found['device']}, {found['label']}{threads}",
        f"          matrix products in TFLOP/s: {speeds}",
        f"          memory {found['gigabytes_per_second']:,.0f} GB/s (measured)",
    ]


def _training(what: dict[str, Any]) -> list[str]:
    return [
        f"Training  {what['preset']}, {what['model']}: {what['parameters']:,} parameters, {what['steps']:,} steps of "
        f"{what['tokens_per_step']:,} tokens ({what['flops_per_step'] / 1e12:,.3g} TFLOP),",
        f"          {what['estimated_batches']:,} batches of estimates",
    ]


def _here(data: dict[str, Any]) -> list[str]:
    here = data["here"]
    share = f", {100 * here['share']:.0f} % of the matrix products' speed" if here["share"] else ""
    scaled = f" (scaled from {here['measured_windows']} of {here['windows']} windows)"
    gigabytes, drawn = here["memory_bytes"] / 1e9, here["drawn_per_second"]
    lines = [
        f"Here      {long_duration(here['seconds'])} in {here['precision']}{', compiled' * here['compiled']} "
        "(predicted from measured steps)",
        f"          a step {1000 * here['step_seconds']:,.1f} ms, {here['tokens_per_second']:,.0f} tokens/s{share}"
        + scaled * (here["measured_windows"] != here["windows"]),
        f"          {gigabytes:.2f} GB of memory; it would draw {drawn:,.0f} tokens/s",
    ]
    if here["processor"] < _BUSY:
        given = f"{100 * here['processor']:.0f} %"
        lines.append(f"          The processor gave the steps {given} of its time: it is busy. Ask again later.")
    return lines


def _table(rows: list[dict[str, Any]]) -> list[str]:
    lines = [f"{'Elsewhere':14} {'training':>13}  {'':9}  {'peak, published':>19}  {'counted':>7}  {'writes':>7}"]
    for row in rows:
        low, high = row["seconds"]
        time = long_duration(low) if low == high else f"{long_duration(low)} to {long_duration(high)}"
        peak = f"{row['peak']:g} {row['precision']}"
        lines.append(
            f"{row['device']:14} {time:>13}  {row['kind']:9}  {peak:>19}  {100 * row['share']:>5.0f} %  "
            f"{row['drawn_per_second']:>5.0f}/s"
        )
    return [
        *lines,
        "Estimated: FLOP over the counted share of the peak, but no faster than memory and the start of kernels allow,",
        "for the tutor's own GPT with its fused attention. Peaks are in TFLOP/s, drawn tokens are for one text.",
    ]


def _verified(found: dict[str, Any]) -> str:
    return (
        f"Verified  {found['steps']:,} steps with their estimates and samples: predicted {found['predicted']:.1f} s, "
        f"took {found['actual']:.1f} s, ratio {found['ratio']:.2f}"
    )


def _tera(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"


_BUSY = 0.8
"""Part of the processor's time below which the times are of others' work too."""

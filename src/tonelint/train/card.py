"""The model card, written from the same numbers that ``metrics.json`` holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KINDS = {
    "linear": "linear: logistic regression on hashed word n-grams of the sentence and its context",
    "encoder": "encoder: all-MiniLM-L6-v2 (Apache-2.0, 22M parameters) fine-tuned on the sentence in its context, ONNX, int8",
}


def text(config: Mapping[str, Any], results: Mapping[str, Any], *, counts: Mapping[str, int]) -> str:
    """``models/tone/README.md``."""
    lines = [
        "# tonelint's tone model",
        "",
        "Tags a sentence of English outbound copy as broadcast, interested or neutral, and gives the probability of each of twelve",
        "finding categories. Written by `python -m tonelint.train`; do not edit by hand.",
        "",
        f"* kind: {KINDS[config['kind']]}",
        f"* data: sha256 `{config['data'][:16]}…` of `training_data/`, {counts['train']} training, {counts['validation']} validation and",
        f"  {counts['test']} test sentences; split by writer's batch, so no industry stands in two parts; seed {config['seed']}",
        "* licence: Apache-2.0, like the code",
        "",
        "## Figures of the model alone",
        "",
        "| part | sentences | stance kappa | macro-F1 | calibration error | findings micro P | R | F1 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, result in results.items():
        if not result["sentences"]:
            continue
        stance, micro = result["stance"], result["findings"]["micro"]
        lines.append(
            f"| {name} | {result['sentences']} | {stance['kappa']:.3f} | {stance['macro_f1']:.3f} | {stance['calibration_error']:.3f} "
            f"| {micro['precision']:.3f} | {micro['recall']:.3f} | {micro['f1']:.3f} |"
        )
    lines += [
        "",
        "## What to know before you trust it",
        "",
        "* The text it learnt from was written for the corpus and labelled by language models; no customer's or company's real",
        "  copy is in it. People agree with each other less than those labels agree among themselves.",
        "* It reads one message at a time, in English, and was made for copy that a company sends to customers. It is not made for judging people,",
        "  and its scores must not be used to rank employees.",
        "* It errs; probabilities are calibrated on the validation part, and a finding's confidence says how often it is right there.",
        "",
    ]
    return "\n".join(lines)

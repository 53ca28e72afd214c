"""What a dossier needs by its definition: which variant applies, which papers it may or must hold."""

from __future__ import annotations

from tinhso.core.procedures.model import Definition, PaperRule, Situation, Variant, holds


def variant_for(definition: Definition, situation: Situation) -> Variant:
    """The first variant whose condition holds; the last one is unconditional."""
    return next(v for v in definition.variants if holds(v.when, situation))


def papers_for(definition: Definition, situation: Situation) -> list[PaperRule]:
    """The papers this dossier may or must hold, in the definition's order."""
    return [p for p in definition.papers if holds(p.when, situation)]

"""Pages for the window, the reviewers and those who decide: one worklist and one case page serve them all."""

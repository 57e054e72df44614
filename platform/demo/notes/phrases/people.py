"""Invented names and numbers, planted so that masking has something to hide."""

from __future__ import annotations

FIRST_NAMES = {
    "F": (
        "Ottilie", "Maren", "Philippa", "Rosalind", "Ingrid", "Consuelo", "Beatrix", "Henrike", "Sunniva", "Annelie",
        "Ginevra", "Marisol", "Clothilde", "Edwina", "Lieselotte", "Wilhelmina", "Delphine", "Francesca",
    ),
    "M": (
        "Alasdair", "Bertrand", "Casimir", "Desmond", "Edvard", "Florian", "Gianluca", "Hendrik", "Ivor", "Joachim",
        "Leopold", "Matteo", "Nikolaus", "Osvaldo", "Percival", "Ruben", "Sigurd", "Thibault",
    ),
}  # fmt: skip
SURNAMES = (
    "Abernethy", "Ashdown-Pryce", "Bellweather", "Brandtner", "Cardew", "Castellani", "Dahlberg", "Delacourt",
    "Drummond", "Eikeland", "Fairbrother", "Feldmann", "Galbraith", "Gundersen", "Hartigan", "Hollingbery",
    "Ibarra", "Jankowiak", "Kessler", "Kirkbride", "Lindqvist", "Lovelace", "MacAllister", "Marchetti",
    "Montclair", "Nakamura", "Nordahl", "O'Halloran", "Oduya", "Okonjo", "Pemberton", "Quintero",
    "Rademaker", "Ravenscroft", "Rosseau", "Saavedra", "Sorrell", "Thackeray", "Tollefsen", "Trevelyan",
    "Vandermeer", "Villanueva", "Weatherby", "Wickramasinghe", "Yarborough", "Zielinski",
)  # fmt: skip
DEGREES = ("MD", "M.D.", "FRCS", "PhD")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

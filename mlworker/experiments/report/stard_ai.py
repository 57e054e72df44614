"""STARD 2015, and what STARD-AI asks beyond it."""

from __future__ import annotations

ROWS = """
1 | Title | Identify a study of diagnostic accuracy by at least one measure | ~endpoint
2 | Abstract | Structured summary of design, methods, results and conclusions |
3 | Introduction | Background, intended use and clinical role of the index test |
4 | Introduction | Objectives and hypotheses | ~endpoint
5 | Design | Data collected before or after the index test and reference standard | design
6 | Participants | Eligibility criteria | eligibility
7 | Participants | How eligible participants were identified | sources eligibility
8 | Participants | Setting, locations and dates | ~sites
9 | Participants | Consecutive, random or convenience series | comparison_group flow
10a | Test methods | Index test, in enough detail to repeat it | models preprocessing training readers
10b | Test methods | Reference standard, in enough detail to repeat it | reference
11 | Test methods | Why this reference standard was chosen |
12a | Test methods | Cut-offs of the index test, pre-specified or exploratory | thresholds
12b | Test methods | Cut-offs of the reference standard, pre-specified or exploratory | reference
13a | Test methods | What readers of the index test knew | blinding unblinding deviations
13b | Test methods | What assessors of the reference standard knew | ~annotators
14 | Analysis | Methods to estimate or compare accuracy | metrics intervals tests
15 | Analysis | How indeterminate results were handled | missing
16 | Analysis | How missing data were handled | missing
17 | Analysis | Variability of accuracy, pre-specified or exploratory | subgroups
18 | Analysis | Intended sample size and how it was found | ~sample
19 | Participants | Flow of participants, with a diagram | flow
20 | Participants | Demographic and clinical characteristics | characteristics
21a | Participants | Severity of disease in those with the condition | ~components
21b | Participants | Other diagnoses in those without the condition |
22 | Participants | Interval and interventions between index test and reference standard | ~acquisition
23 | Test results | Cross tabulation of index test by reference standard | performance
24 | Test results | Accuracy and its precision | performance intervals
25 | Test results | Adverse events of index test or reference standard |
26 | Discussion | Limitations: bias, uncertainty, generalisability | ~limits
27 | Discussion | Implications for practice, intended use |
28 | Other | Registration number and name of registry |
29 | Other | Where the full protocol is | ~protocol
30 | Other | Sources of funding and role of funders |
AI 1 | Data | Source and composition of the data behind the AI test | sources dataset characteristics
AI 2 | Data | Preparation of the images before they reach the AI test | preprocessing deidentification
AI 3 | Data | Partition into training, validation and test, and its level | partitions disjointness
AI 4 | Data | Acquisition: devices and protocols | ~acquisition
AI 5 | AI test | Version, developer and training of the AI test | models training initialisation software
AI 6 | AI test | Hardware and software it runs on | hardware software
AI 7 | AI test | Output and how it becomes a result, fixed before testing | thresholds
AI 8 | AI test | Every model that was tried, and every use of the test part | runs touches
AI 9 | AI test | How people use its result, and their training | ~readers blinding washout
AI 10 | Results | Accuracy in subgroups: bias and fairness | ~subgroups
AI 11 | Results | Cases that the AI test got wrong | discordant
AI 12 | Other | Access to code, model and data; commercial interests | ~hashes
"""

"""CLAIM 2024."""

from __future__ import annotations

ROWS = """
1 | Title | Name the AI methodology and its category | ~models
2 | Abstract | Structured summary of design, methods, results and conclusions |
3 | Introduction | Background, intended use and clinical role of the AI approach |
4 | Introduction | Aims, objectives and hypotheses | ~endpoint
5 | Study design | Prospective or retrospective | design
6 | Study design | Goal of the study | ~design endpoint
7 | Data | Where the data come from | sources sites
8 | Data | Inclusion and exclusion criteria | eligibility flow
9 | Data | Preprocessing of the images | preprocessing
10 | Data | Selection of subsets of the data, if any | comparison_group dataset
11 | Data | How data were de-identified | deidentification
12 | Data | How missing data were handled | missing
13 | Data | How images were acquired | ~acquisition
14 | Reference standard | How the reference standard was obtained | reference
15 | Reference standard | Why this reference standard was chosen |
16 | Reference standard | Who gave it, and with what experience | ~annotators
17 | Reference standard | How the test part was annotated | reference annotators
18 | Reference standard | Variability of the annotators and how it was resolved | ~annotators
19 | Partitions | How cases were assigned to parts | partitions
20 | Partitions | Level at which the parts are disjoint | disjointness
21 | Testing data | Intended sample size | ~sample
22 | Model | Description of the model: inputs, outputs, layers | models preprocessing
23 | Model | Software libraries, frameworks and packages | software hardware
24 | Model | How the parameters were initialised | initialisation
25 | Training | Training: augmentation, hyper-parameters, number of models | training runs
26 | Training | How the final model was selected | thresholds runs
27 | Training | Ensembling, if any | ensembling
28 | Evaluation | Metrics of performance | endpoint metrics
29 | Evaluation | Measures of significance and uncertainty | intervals tests
30 | Evaluation | Robustness or sensitivity analysis | ~subgroups
31 | Evaluation | Explainability or interpretability, and how it was checked | ~maps
32 | Evaluation | Evaluation on internal data | touches
33 | Evaluation | Testing on external data |
34 | Evaluation | Registration of the study |
35 | Results | Numbers of patients and examinations included and excluded | flow partitions
36 | Results | Demographic and clinical characteristics in each part | characteristics
37 | Results | Performance with uncertainty on all parts | ~performance
38 | Results | Diagnostic accuracy and its precision | performance intervals
39 | Results | Failure analysis | discordant
40 | Discussion | Limitations | ~limits
41 | Discussion | Implications for practice, intended use |
42 | Other | Where the full protocol is | ~protocol
43 | Other | Availability of software, model and data | ~hashes
44 | Other | Sources of funding and role of funders |
"""

"""TRIPOD+AI."""

from __future__ import annotations

ROWS = """
1 | Title | Identify the study as developing or evaluating a prediction model, its target and population |
2 | Abstract | Summary by TRIPOD+AI for abstracts |
3a | Background | Health care context and rationale |
3b | Background | Target population and intended purpose, users |
3c | Background | Known health inequalities |
4 | Objectives | Objectives: development, evaluation or both | ~endpoint
5a | Data | Sources of data, separately for training and evaluation, and why | sources dataset
5b | Data | Dates of the data |
6a | Participants | Setting, number and place of centres | sites
6b | Participants | Eligibility criteria | eligibility
6c | Participants | Treatments received and how they were handled | ~acquisition
7 | Data preparation | Preprocessing and quality control | preprocessing deidentification
8a | Outcome | Outcome predicted and how it was assessed | reference
8b | Outcome | Qualifications of those who assessed the outcome, if it needs interpretation | ~annotators
8c | Outcome | What blinded its assessment | ~annotators
9a | Predictors | Choice of the initial predictors | preprocessing
9b | Predictors | Definition and measurement of the predictors | preprocessing acquisition
9c | Predictors | Who assessed predictors, if it needs interpretation | ~readers
10 | Sample size | How the size was arrived at, for development and evaluation | ~sample
11 | Missing data | How missing data were handled | missing
12a | Analysis | How data were used and divided | partitions disjointness
12b | Analysis | How predictors were handled | preprocessing
12c | Analysis | Type of model, building steps, hyper-parameters, internal validation | models training runs
12d | Analysis | Heterogeneity across clusters | ~subgroups
12e | Analysis | Measures and plots of performance, comparison of models | metrics intervals tests
12f | Analysis | Updating of the model arising from evaluation | updating
12g | Analysis | How predictions were computed in the evaluation | thresholds touches
13 | Class imbalance | Methods for class imbalance, and recalibration | ~comparison_group sample
14 | Fairness | Approaches to fairness | ~subgroups
15 | Model output | Output, and thresholds with their reasons | thresholds
16 | Training and evaluation | Differences between development and evaluation data | partitions
17 | Ethics | Approval and consent |
18a | Open science | Funding and role of funders |
18b | Open science | Conflicts of interest |
18c | Open science | Where the protocol is | ~protocol
18d | Open science | Registration |
18e | Open science | Availability of data | ~hashes
18f | Open science | Availability of code | ~software
19 | Patients and public | Involvement of patients and the public |
20a | Participants | Flow of participants, with and without the outcome | flow
20b | Participants | Characteristics overall and by source, missing data | characteristics missing
20c | Participants | Evaluation data beside development data | characteristics
21 | Model development | Numbers of participants and outcome events in each analysis | partitions
22 | Model specification | Full model, so that others can predict | ~models hashes
23a | Performance | Performance with intervals, overall and in subgroups | performance intervals subgroups
23b | Performance | Heterogeneity in performance across clusters | ~subgroups
24 | Model updating | Results of any updating | updating
25 | Interpretation | Overall interpretation, fairness included |
26 | Limitations | Limitations and their effect | ~limits
27a | Usability | Handling of poor or missing input when in use | ~missing
27b | Usability | Interaction and expertise that users need |
27c | Usability | Next steps for research |
"""

"""The shape of a comparison's result, as `comparison_result` makes it and the page shows it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from mlworker.experiments.models import RaterKind


class FigureSerializer(serializers.Serializer[Any]):
    """A figure with its interval. `undefined` says why there is none; `note` what is wrong with the interval."""

    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    numerator = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)
    method = serializers.CharField(allow_blank=True)
    undefined = serializers.CharField(allow_null=True)
    note = serializers.CharField(allow_null=True)


class AucSerializer(serializers.Serializer[Any]):
    """An area under the curve; `of` says whether of a model's probability or of a reader's confidence."""

    of = serializers.ChoiceField(choices=["probability", "confidence"])
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    method = serializers.CharField(allow_blank=True)
    positives = serializers.IntegerField()
    negatives = serializers.IntegerField()
    undefined = serializers.CharField(allow_null=True)
    note = serializers.CharField(allow_null=True)


class RocPointSerializer(serializers.Serializer[Any]):
    """One point of the empirical curve; the first has no threshold: nothing is called loose there."""

    false_positive_rate = serializers.FloatField()
    true_positive_rate = serializers.FloatField()
    threshold = serializers.FloatField(allow_null=True)


class BandPointSerializer(serializers.Serializer[Any]):
    """Limits of the sensitivity at one false-positive rate, pointwise."""

    false_positive_rate = serializers.FloatField()
    lower = serializers.FloatField()
    upper = serializers.FloatField()


class ReliabilityBinSerializer(serializers.Serializer[Any]):
    n = serializers.IntegerField()
    positives = serializers.IntegerField()
    mean_predicted = serializers.FloatField()
    observed = FigureSerializer()


class CalibrationSerializer(serializers.Serializer[Any]):
    """Whether a model's probabilities are right; `brier_of_prevalence` is what the share of loose hips alone gives."""

    n = serializers.IntegerField()
    brier = serializers.FloatField(allow_null=True)
    brier_of_prevalence = serializers.FloatField(allow_null=True)
    mean_predicted = serializers.FloatField(allow_null=True)
    observed = serializers.FloatField(allow_null=True)
    slope = FigureSerializer()
    intercept = FigureSerializer()
    spiegelhalter_p = serializers.FloatField(allow_null=True)
    ece = serializers.FloatField(allow_null=True)
    bins = ReliabilityBinSerializer(many=True)
    undefined = serializers.CharField(allow_null=True)


class RaterSerializer(serializers.Serializer[Any]):
    """One model at its threshold, or one reader in one session, against the reference standard."""

    key = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=RaterKind.choices)
    session = serializers.IntegerField(allow_null=True)
    is_simulated = serializers.BooleanField()
    cases = serializers.IntegerField()
    n = serializers.IntegerField()
    cannot_assess = serializers.IntegerField()
    tp = serializers.IntegerField()
    fp = serializers.IntegerField()
    fn = serializers.IntegerField()
    tn = serializers.IntegerField()
    sensitivity = FigureSerializer()
    specificity = FigureSerializer()
    ppv = FigureSerializer()
    npv = FigureSerializer()
    accuracy = FigureSerializer()
    auc = AucSerializer()
    roc = RocPointSerializer(many=True)
    band = BandPointSerializer(many=True)
    calibration = CalibrationSerializer(allow_null=True)
    threshold = serializers.FloatField(allow_null=True)
    threshold_rule = serializers.CharField(allow_blank=True)
    threshold_fixed_at = serializers.DateTimeField(allow_null=True)


class AttainableSerializer(serializers.Serializer[Any]):
    """What the two margins allow, whatever the pairing."""

    most_one_way = serializers.IntegerField()
    smallest_p = serializers.FloatField()
    needed_one_way = serializers.IntegerField()
    alpha = serializers.FloatField()
    can_be_significant = serializers.BooleanField()
    statement = serializers.CharField()


class PairedFigureSerializer(serializers.Serializer[Any]):
    """First minus second on the same cases: Tango's interval and McNemar's test. b: only the first is right; c: only
    the second."""

    n = serializers.IntegerField()
    both_right = serializers.IntegerField()
    b = serializers.IntegerField()
    c = serializers.IntegerField()
    both_wrong = serializers.IntegerField()
    difference = FigureSerializer()
    p_exact = serializers.FloatField(allow_null=True)
    p_mid = serializers.FloatField(allow_null=True)
    p_clustered = serializers.FloatField(allow_null=True, help_text="over patients, where one has several cases")
    p_holm = serializers.FloatField(allow_null=True)
    attainable = AttainableSerializer(allow_null=True)


class AucDifferenceSerializer(serializers.Serializer[Any]):
    """DeLong's paired test of two models."""

    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    method = serializers.CharField()
    p_value = serializers.FloatField(allow_null=True)
    p_holm = serializers.FloatField(allow_null=True)
    undefined = serializers.CharField(allow_null=True)
    note = serializers.CharField(allow_null=True)


class AtOperatingPointSerializer(serializers.Serializer[Any]):
    """A model's score read where the reader stands."""

    wanted = serializers.ChoiceField(choices=["sensitivity", "specificity"], help_text="what is read off the curve")
    at_least = serializers.FloatField()
    attainable = serializers.FloatField(allow_null=True)
    reached = serializers.FloatField(allow_null=True)
    threshold = serializers.FloatField(allow_null=True)
    interpolated = serializers.FloatField(allow_null=True)
    optimistic = serializers.BooleanField()
    undefined = serializers.CharField(allow_null=True)


class PairSerializer(serializers.Serializer[Any]):
    """Two raters on the cases that both have called."""

    first = serializers.CharField()
    second = serializers.CharField()
    first_name = serializers.CharField()
    second_name = serializers.CharField()
    n = serializers.IntegerField()
    sensitivity = PairedFigureSerializer()
    specificity = PairedFigureSerializer()
    auc = AucDifferenceSerializer(allow_null=True)
    model_at_reader = AtOperatingPointSerializer(many=True)


class RemarkSerializer(serializers.Serializer[Any]):
    """A sentence that belongs beside the figures."""

    code = serializers.CharField()
    message = serializers.CharField()


class FamilySerializer(serializers.Serializer[Any]):
    """Tests of the same figure that were adjusted together."""

    quantity = serializers.CharField()
    family = serializers.CharField()
    tests = serializers.IntegerField()
    method = serializers.CharField()


class PanelReaderSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    value = serializers.FloatField()


class AgainstPanelSerializer(serializers.Serializer[Any]):
    """A model minus the mean of the readers, readers and cases random; `df` null says that the reference is normal."""

    key = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.ChoiceField(choices=["auc", "sensitivity", "specificity"])
    readers = serializers.IntegerField()
    n = serializers.IntegerField()
    left_out = serializers.IntegerField()
    model = serializers.FloatField(allow_null=True)
    panel_mean = serializers.FloatField(allow_null=True)
    panel = PanelReaderSerializer(many=True)
    difference = FigureSerializer()
    df = serializers.FloatField(allow_null=True)
    p_value = serializers.FloatField(allow_null=True)
    method = serializers.CharField()
    remark = serializers.CharField(allow_null=True)
    undefined = serializers.CharField(allow_null=True)


class AgreementPairSerializer(serializers.Serializer[Any]):
    """Two raters' calls as they were given. inter: two readers; intra: one reader in two sessions."""

    between = serializers.ChoiceField(choices=["inter", "intra", "model_reader"])
    first = serializers.CharField()
    second = serializers.CharField()
    first_name = serializers.CharField()
    second_name = serializers.CharField()
    n = serializers.IntegerField()
    left_out = serializers.IntegerField()
    both_loose = serializers.IntegerField()
    both_well_fixed = serializers.IntegerField()
    agreement = serializers.FloatField(allow_null=True)
    kappa = FigureSerializer()
    pabak = FigureSerializer()


class AllReadersAgreementSerializer(serializers.Serializer[Any]):
    names = serializers.ListField(child=serializers.CharField())
    n = serializers.IntegerField()
    fleiss = FigureSerializer()


class RaterAgreementSerializer(serializers.Serializer[Any]):
    pairs = AgreementPairSerializer(many=True)
    readers = AllReadersAgreementSerializer(allow_null=True)


class SubgroupRaterSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    n = serializers.IntegerField()
    sensitivity = FigureSerializer()
    specificity = FigureSerializer()


class SubgroupSerializer(serializers.Serializer[Any]):
    """With fewer than ten cases `suppressed`: its n and nothing else."""

    variable = serializers.CharField()
    value = serializers.CharField()
    n = serializers.IntegerField()
    positives = serializers.IntegerField(allow_null=True)
    negatives = serializers.IntegerField(allow_null=True)
    suppressed = serializers.BooleanField()
    raters = SubgroupRaterSerializer(many=True)


class ComparisonResultSerializer(serializers.Serializer[Any]):
    level = serializers.FloatField()
    dataset_sha256 = serializers.CharField()
    part = serializers.CharField()
    primary_endpoint = serializers.CharField()
    cases = serializers.IntegerField()
    patients = serializers.IntegerField()
    positives = serializers.IntegerField()
    negatives = serializers.IntegerField()
    raters = RaterSerializer(many=True)
    pairs = PairSerializer(many=True)
    families = FamilySerializer(many=True)
    panel = AgainstPanelSerializer(many=True)
    agreement = RaterAgreementSerializer()
    subgroups = SubgroupSerializer(many=True)
    notes = RemarkSerializer(many=True)


class CaseAnswerSerializer(serializers.Serializer[Any]):
    """What one rater said of a case; `is_right` null for a case that the protocol leaves out."""

    key = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=RaterKind.choices)
    answer = serializers.CharField()
    score = serializers.FloatField(allow_null=True)
    is_right = serializers.BooleanField(allow_null=True)
    sureness = serializers.FloatField()


class DiscordantCaseSerializer(serializers.Serializer[Any]):
    case = serializers.IntegerField()
    truth = serializers.CharField()
    site = serializers.CharField()
    side = serializers.CharField()
    sex = serializers.CharField()
    age_band = serializers.CharField()
    component = serializers.CharField(allow_blank=True)
    wrong = serializers.IntegerField()
    raters = serializers.IntegerField()
    sureness = serializers.FloatField()
    answers = CaseAnswerSerializer(many=True)


class DecisionCurveSerializer(serializers.Serializer[Any]):
    """Net benefit by threshold probability at the stated prevalence; treating none is 0."""

    key = serializers.CharField()
    name = serializers.CharField()
    prevalence = serializers.FloatField(allow_null=True)
    prevalence_given = serializers.BooleanField()
    thresholds = serializers.ListField(child=serializers.FloatField())
    model = serializers.ListField(child=serializers.FloatField())
    treat_all = serializers.ListField(child=serializers.FloatField())
    undefined = serializers.CharField(allow_null=True)

"""The shape of a comparison's result, as `comparison_result` makes it and the page shows it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


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


class RaterSerializer(serializers.Serializer[Any]):
    """One model at its threshold, or one reader in one session, against the reference standard."""

    key = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=["model", "reader"])
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
    attainable = AttainableSerializer(allow_null=True)


class AucDifferenceSerializer(serializers.Serializer[Any]):
    """DeLong's paired test of two models."""

    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    method = serializers.CharField()
    p_value = serializers.FloatField(allow_null=True)
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


class ComparisonResultSerializer(serializers.Serializer[Any]):
    level = serializers.FloatField()
    dataset_sha256 = serializers.CharField()
    part = serializers.CharField()
    cases = serializers.IntegerField()
    patients = serializers.IntegerField()
    positives = serializers.IntegerField()
    negatives = serializers.IntegerField()
    raters = RaterSerializer(many=True)
    pairs = PairSerializer(many=True)
    notes = RemarkSerializer(many=True)

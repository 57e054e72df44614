"""Pure Keras 3: data, backbones, training, scoring, saliency. Knows no Django, and is usable from a notebook.

`backbone_catalogue` and `configuration` import neither Keras nor TensorFlow: the web process lists backbones and
validates configurations with them.
"""

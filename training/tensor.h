// Tensors, autograd and modules: what is used of LibTorch. torch/torch.h brings layers, optimizers and data
// loaders as well, whose templates GCC instantiates in every file anew that gets them precompiled: 1.5 s each.
#pragma once

#include <torch/autograd.h>
#include <torch/cuda.h>
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>

/* The aclnn operators: every release from CANN 8.1
 * to mid-2026 in one header. Written by tools/acl_header.py; names, numbers and
 * layouts are facts of the interface, the wording is this project's own.
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef ASCEND_SYS_ACLNN_OPS_H
#define ASCEND_SYS_ACLNN_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aclnn_base.h"

#ifdef __cplusplus
extern "C" {
#endif



/** Plans aclnnConvolution and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnConvolutionGetWorkspaceSize(const aclTensor *input, const aclTensor *weight, const aclTensor *bias, const aclIntArray *stride, const aclIntArray *padding, const aclIntArray *dilation, bool transposed, const aclIntArray *outputPadding, const int64_t groups, aclTensor *output, int8_t cubeMathType, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Convolution, plain or transposed, in one to three dimensions.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnConvolution(void *workspace, const uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnConvDepthwise2d and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnConvDepthwise2dGetWorkspaceSize(const aclTensor *self, const aclTensor *weight, const aclIntArray *kernelSize, const aclTensor *bias, const aclIntArray *stride, const aclIntArray *padding, const aclIntArray *dilation, aclTensor *out, int8_t cubeMathType, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Convolution of each channel by itself, in two dimensions.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnConvDepthwise2d(void *workspace, const uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnConvTbc and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnConvTbcGetWorkspaceSize(const aclTensor *self, const aclTensor *weight, const aclTensor *bias, const int64_t pad, aclTensor *output, int8_t cubeMathType, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Convolution along time of a tensor ordered time, batch, channel.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnConvTbc(void *workspace, const uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Gives the size of a convolution's weight in the chip's own format.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnCalculateConvolutionWeightSize(const aclIntArray *tensorShape, bool transposed, int64_t groups, aclDataType dataType, uint64_t *weightTensorSize);
/** Plans aclnnTransConvolutionWeight and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnTransConvolutionWeightGetWorkspaceSize(const aclTensor *weightIn, bool transposed, const int64_t groups, aclTensor *weightOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Brings a convolution's weight into the chip's own format.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnTransConvolutionWeight(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnQuantConvolution and gives the bytes of workspace it needs.
 *  In libopapi_nn.so; since a CANN after 8.1. */
aclnnStatus aclnnQuantConvolutionGetWorkspaceSize(const aclTensor *input, const aclTensor *weight, const aclTensor *bias, const aclTensor *scale, const aclTensor *offset, const aclIntArray *stride, const aclIntArray *padding, const aclIntArray *dilation, bool transposed, const aclIntArray *outputPadding, int64_t groups, int32_t offsetx, const char *roundMode, aclTensor *output, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Convolution of quantised values.
 *  In libopapi_nn.so; since a CANN after 8.1. */
aclnnStatus aclnnQuantConvolution(void *workspace, const uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnBatchNorm and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnBatchNormGetWorkspaceSize(const aclTensor *input, const aclTensor *weight, const aclTensor *bias, aclTensor *runningMean, aclTensor *runningVar, bool training, double momentum, double eps, aclTensor *output, aclTensor *saveMean, aclTensor *saveInvstd, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Normalisation over the batch.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnBatchNorm(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInstanceNorm and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInstanceNormGetWorkspaceSize(const aclTensor *x, const aclTensor *gamma, const aclTensor *beta, const char *dataFormat, double eps, aclTensor *y, aclTensor *mean, aclTensor *variance, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Normalisation of each channel of each sample.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInstanceNorm(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnLayerNorm and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLayerNormGetWorkspaceSize(const aclTensor *input, const aclIntArray *normalizedShape, const aclTensor *weightOptional, const aclTensor *biasOptional, double eps, aclTensor *out, aclTensor *meanOutOptional, aclTensor *rstdOutOptional, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Normalisation over the last dimensions.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLayerNorm(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnLayerNormWithImplMode and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLayerNormWithImplModeGetWorkspaceSize(const aclTensor *input, const aclIntArray *normalizedShape, const aclTensor *weightOptional, const aclTensor *biasOptional, double eps, aclTensor *out, aclTensor *meanOutOptional, aclTensor *rstdOutOptional, int32_t implMode, uint64_t *workspaceSize, aclOpExecutor **executor);
/** LayerNorm with a choice between speed and precision.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLayerNormWithImplMode(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnFastLayerNorm and gives the bytes of workspace it needs.
 *  In libopapi_nn.so; since a CANN after 8.1. */
aclnnStatus aclnnFastLayerNormGetWorkspaceSize(const aclTensor *input, const aclIntArray *normalizedShape, const aclTensor *weightOptional, const aclTensor *biasOptional, double eps, aclTensor *out, aclTensor *meanOutOptional, aclTensor *rstdOutOptional, uint64_t *workspaceSize, aclOpExecutor **executor);
/** LayerNorm, faster and less exact.
 *  In libopapi_nn.so; since a CANN after 8.1. */
aclnnStatus aclnnFastLayerNorm(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnRmsNorm and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRmsNormGetWorkspaceSize(const aclTensor *x, const aclTensor *gamma, double epsilon, const aclTensor *yOut, const aclTensor *rstdOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Division by the root of the mean square.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRmsNorm(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAddRmsNorm and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAddRmsNormGetWorkspaceSize(const aclTensor *x1, const aclTensor *x2, const aclTensor *gamma, double epsilon, aclTensor *yOut, aclTensor *rstdOut, aclTensor *xOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Sum of two tensors, then RmsNorm.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAddRmsNorm(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAddLayerNorm and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAddLayerNormGetWorkspaceSize(const aclTensor *x1, const aclTensor *x2, const aclTensor *gamma, const aclTensor *beta, const aclTensor *biasOptional, double epsilon, bool additionalOutput, const aclTensor *yOut, const aclTensor *meanOut, const aclTensor *rstdOut, const aclTensor *xOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Sum of two tensors, then LayerNorm.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAddLayerNorm(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnGroupNorm and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGroupNormGetWorkspaceSize(const aclTensor *self, const aclTensor *gamma, const aclTensor *beta, int64_t N, int64_t C, int64_t HxW, int64_t group, double eps, aclTensor *out, aclTensor *meanOut, aclTensor *rstdOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Normalisation of groups of channels.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGroupNorm(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnGroupNormSilu and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGroupNormSiluGetWorkspaceSize(const aclTensor *self, const aclTensor *gamma, const aclTensor *beta, int64_t group, double eps, aclTensor *out, aclTensor *meanOut, aclTensor *rstdOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** GroupNorm, then SiLU.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGroupNormSilu(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnGroupNormSiluV2 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGroupNormSiluV2GetWorkspaceSize(const aclTensor *self, const aclTensor *gamma, const aclTensor *beta, int64_t group, double eps, bool activateSilu, aclTensor *out, aclTensor *meanOut, aclTensor *rstdOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** GroupNorm, then SiLU where wanted.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGroupNormSiluV2(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnNorm and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnNormGetWorkspaceSize(const aclTensor *self, const aclScalar *pScalar, const aclIntArray *dim, bool keepdim, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Norm of a chosen order over dimensions.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnNorm(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnLinalgVectorNorm and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLinalgVectorNormGetWorkspaceSize(const aclTensor *self, const aclScalar *ord, const aclIntArray *dims, bool keepDims, const aclDataType dtype, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Vector norm of a chosen order over dimensions.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLinalgVectorNorm(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnRenorm and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRenormGetWorkspaceSize(const aclTensor *self, const aclScalar *p, int64_t dim, const aclScalar *maxNorm, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Scaling of slices so that their norm keeps below a bound.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRenorm(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnRelu and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnReluGetWorkspaceSize(const aclTensor *self, const aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Maximum of each element and zero.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRelu(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnInplaceRelu and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceReluGetWorkspaceSize(aclTensor *selfRef, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Maximum of each element and zero, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceRelu(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnLeakyRelu and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLeakyReluGetWorkspaceSize(const aclTensor *self, const aclScalar *negativeSlope, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Relu that lets negative values through, scaled.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLeakyRelu(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceLeakyRelu and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceLeakyReluGetWorkspaceSize(aclTensor *selfRef, const aclScalar *negativeSlope, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Relu that lets negative values through, scaled, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceLeakyRelu(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnPrelu and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnPreluGetWorkspaceSize(const aclTensor *self, const aclTensor *weight, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Relu with a learned scale for negative values.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnPrelu(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnSigmoid and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSigmoidGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Logistic function of each element.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSigmoid(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnInplaceSigmoid and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceSigmoidGetWorkspaceSize(aclTensor *selfRef, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Logistic function of each element, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceSigmoid(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnTanh and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnTanhGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Hyperbolic tangent of each element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnTanh(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnInplaceTanh and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceTanhGetWorkspaceSize(aclTensor *selfRef, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Hyperbolic tangent of each element, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceTanh(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnGelu and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGeluGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Gaussian error linear unit of each element.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGelu(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnGeluV2 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGeluV2GetWorkspaceSize(const aclTensor *x, int64_t approximate, aclTensor *y, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Gelu, exact or by its tanh form.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGeluV2(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnFastGelu and gives the bytes of workspace it needs.
 *  In libopapi_nn.so; since a CANN after 8.1. */
aclnnStatus aclnnFastGeluGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Gelu by a fast approximation.
 *  In libopapi_nn.so; since a CANN after 8.1. */
aclnnStatus aclnnFastGelu(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnGeluMul and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGeluMulGetWorkspaceSize(const aclTensor *input, char *approximateOptional, const aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Gelu of one half times the other half.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGeluMul(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnSilu and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSiluGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Each element times its logistic function.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSilu(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnSwish and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSwishGetWorkspaceSize(const aclTensor *self, const aclScalar *betaOptional, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Each element times the logistic function of a multiple of it.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSwish(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnHardswish and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnHardswishGetWorkspaceSize(const aclTensor *self, const aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Swish by straight pieces.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnHardswish(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnInplaceHardswish and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceHardswishGetWorkspaceSize(const aclTensor *self, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Swish by straight pieces, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceHardswish(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnHardsigmoid and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnHardsigmoidGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Logistic function by straight pieces.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnHardsigmoid(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnInplaceHardsigmoid and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceHardsigmoidGetWorkspaceSize(const aclTensor *self, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Logistic function by straight pieces, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceHardsigmoid(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnHardtanh and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnHardtanhGetWorkspaceSize(const aclTensor *self, const aclScalar *clipValueMin, const aclScalar *clipValueMax, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Limit of each element to an interval.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnHardtanh(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceHardtanh and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceHardtanhGetWorkspaceSize(aclTensor *selfRef, const aclScalar *clipValueMin, const aclScalar *clipValueMax, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Limit of each element to an interval, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceHardtanh(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnElu and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnEluGetWorkspaceSize(const aclTensor *self, const aclScalar *alpha, const aclScalar *scale, const aclScalar *inputScale, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Exponential linear unit of each element.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnElu(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceElu and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceEluGetWorkspaceSize(aclTensor *selfRef, const aclScalar *alpha, const aclScalar *scale, const aclScalar *inputScale, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Exponential linear unit of each element, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceElu(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnCelu and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnCeluGetWorkspaceSize(const aclTensor *self, const aclScalar *alpha, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Continuously differentiable Elu of each element.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnCelu(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnSelu and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSeluGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Scaled Elu of each element.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSelu(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnSoftplus and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSoftplusGetWorkspaceSize(const aclTensor *self, const aclScalar *beta, const aclScalar *threshold, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Smooth form of Relu.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSoftplus(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnMish and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMishGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Each element times the tanh of its Softplus.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMish(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceMish and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceMishGetWorkspaceSize(aclTensor *selfRef, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Each element times the tanh of its Softplus, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceMish(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnHardshrink and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnHardshrinkGetWorkspaceSize(const aclTensor *self, const aclScalar *lambd, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Zero for what is close to zero.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnHardshrink(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnSoftshrink and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSoftshrinkGetWorkspaceSize(const aclTensor *self, const aclScalar *lambd, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Zero for what is close to zero, and the rest moved towards it.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSoftshrink(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnThreshold and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnThresholdGetWorkspaceSize(const aclTensor *self, const aclScalar *threshold, const aclScalar *value, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** A set value for what is not above a threshold.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnThreshold(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnLogSigmoid and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLogSigmoidGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Logarithm of the logistic function.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLogSigmoid(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnLogSigmoidForward and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLogSigmoidForwardGetWorkspaceSize(const aclTensor *self, aclTensor *out, aclTensor *buffer, uint64_t *workspaceSize, aclOpExecutor **executor);
/** LogSigmoid that keeps what its gradient needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLogSigmoidForward(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnSwiGlu and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSwiGluGetWorkspaceSize(const aclTensor *x, int64_t dim, const aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** SiLU of one half times the other half.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSwiGlu(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnGeGlu and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGeGluGetWorkspaceSize(const aclTensor *self, int64_t dim, int64_t approximate, aclTensor *out, aclTensor *outGelu, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Gelu of one half times the other half, and the Gelu itself.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGeGlu(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnGlu and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGluGetWorkspaceSize(const aclTensor *self, int64_t dim, const aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** One half times the logistic function of the other half.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGlu(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnSoftmax and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSoftmaxGetWorkspaceSize(const aclTensor *self, int64_t dim, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Exponentials that add up to one along a dimension.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSoftmax(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnLogSoftmax and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLogSoftmaxGetWorkspaceSize(const aclTensor *self, int64_t dim, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Logarithm of Softmax.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLogSoftmax(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAdd and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAddGetWorkspaceSize(const aclTensor *self, const aclTensor *other, const aclScalar *alpha, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Sum of a tensor and a multiple of another.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAdd(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAdds and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAddsGetWorkspaceSize(const aclTensor *self, const aclScalar *other, const aclScalar *alpha, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Sum of a tensor and a multiple of a scalar.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAdds(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceAdd and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceAddGetWorkspaceSize(const aclTensor *selfRef, const aclTensor *other, const aclScalar *alpha, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Sum of a tensor and a multiple of another, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceAdd(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceAdds and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceAddsGetWorkspaceSize(const aclTensor *selfRef, const aclScalar *other, const aclScalar *alpha, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Sum of a tensor and a multiple of a scalar, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceAdds(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAddV3 and gives the bytes of workspace it needs.
 *  In libopapi_math.so; since a CANN after 8.1. */
aclnnStatus aclnnAddV3GetWorkspaceSize(const aclScalar *self, const aclTensor *other, const aclScalar *alpha, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Sum of a scalar and a multiple of a tensor.
 *  In libopapi_math.so; since a CANN after 8.1. */
aclnnStatus aclnnAddV3(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnSub and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSubGetWorkspaceSize(const aclTensor *self, const aclTensor *other, const aclScalar *alpha, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Difference of a tensor and a multiple of another.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSub(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnSubs and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSubsGetWorkspaceSize(const aclTensor *self, const aclScalar *other, const aclScalar *alpha, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Difference of a tensor and a multiple of a scalar.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSubs(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceSub and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceSubGetWorkspaceSize(aclTensor *selfRef, const aclTensor *other, const aclScalar *alpha, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Difference of a tensor and a multiple of another, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceSub(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnRsub and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRsubGetWorkspaceSize(const aclTensor *self, const aclTensor *other, const aclScalar *alpha, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Difference of the second tensor and a multiple of the first.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRsub(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnRsubs and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRsubsGetWorkspaceSize(const aclTensor *self, const aclScalar *other, const aclScalar *alpha, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Difference of a scalar and a multiple of a tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRsubs(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnMul and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMulGetWorkspaceSize(const aclTensor *self, const aclTensor *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Product of two tensors, element by element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMul(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnMuls and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMulsGetWorkspaceSize(const aclTensor *self, const aclScalar *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Product of a tensor and a scalar.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMuls(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceMul and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceMulGetWorkspaceSize(aclTensor *selfRef, const aclTensor *other, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Product of two tensors, element by element, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceMul(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceMuls and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceMulsGetWorkspaceSize(aclTensor *selfRef, const aclScalar *other, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Product of a tensor and a scalar, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceMuls(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnDiv and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnDivGetWorkspaceSize(const aclTensor *self, const aclTensor *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Quotient of two tensors, element by element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnDiv(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnDivs and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnDivsGetWorkspaceSize(const aclTensor *self, const aclScalar *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Quotient of a tensor and a scalar.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnDivs(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnDivMod and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnDivModGetWorkspaceSize(const aclTensor *self, const aclTensor *other, int mode, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Quotient of two tensors, rounded in a chosen way.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnDivMod(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnDivMods and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnDivModsGetWorkspaceSize(const aclTensor *self, const aclScalar *other, int mode, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Quotient of a tensor and a scalar, rounded in a chosen way.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnDivMods(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceDiv and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceDivGetWorkspaceSize(aclTensor *selfRef, const aclTensor *other, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Quotient of two tensors, element by element, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceDiv(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceDivs and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceDivsGetWorkspaceSize(aclTensor *selfRef, const aclScalar *other, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Quotient of a tensor and a scalar, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceDivs(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnFloorDivide and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFloorDivideGetWorkspaceSize(const aclTensor *self, const aclTensor *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Quotient of two tensors, rounded down.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFloorDivide(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnFloorDivides and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFloorDividesGetWorkspaceSize(const aclTensor *self, const aclScalar *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Quotient of a tensor and a scalar, rounded down.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFloorDivides(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnFmodTensor and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFmodTensorGetWorkspaceSize(const aclTensor *self, const aclTensor *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Remainder with the sign of the dividend.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFmodTensor(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnFmodScalar and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFmodScalarGetWorkspaceSize(const aclTensor *self, const aclScalar *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Remainder by a scalar, with the sign of the dividend.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFmodScalar(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnRemainderTensorTensor and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRemainderTensorTensorGetWorkspaceSize(const aclTensor *self, const aclTensor *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Remainder with the sign of the divisor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRemainderTensorTensor(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnRemainderTensorScalar and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRemainderTensorScalarGetWorkspaceSize(const aclTensor *self, const aclScalar *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Remainder by a scalar, with the sign of the divisor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRemainderTensorScalar(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnMaximum and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMaximumGetWorkspaceSize(const aclTensor *self, const aclTensor *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** The larger of two elements.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMaximum(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnMinimum and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMinimumGetWorkspaceSize(const aclTensor *self, const aclTensor *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** The smaller of two elements.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMinimum(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnClamp and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnClampGetWorkspaceSize(const aclTensor *self, const aclScalar *clipValueMin, const aclScalar *clipValueMax, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Limit of each element to an interval of scalars.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnClamp(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnClampMin and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnClampMinGetWorkspaceSize(const aclTensor *self, const aclScalar *clipValueMin, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Limit of each element from below by a scalar.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnClampMin(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnClampMax and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnClampMaxGetWorkspaceSize(const aclTensor *self, const aclScalar *clipValueMax, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Limit of each element from above by a scalar.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnClampMax(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnClampTensor and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnClampTensorGetWorkspaceSize(const aclTensor *self, const aclTensor *clipValueMin, const aclTensor *clipValueMax, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Limit of each element to an interval of tensors.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnClampTensor(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnClampMinTensor and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnClampMinTensorGetWorkspaceSize(const aclTensor *self, const aclTensor *clipValueMin, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Limit of each element from below by a tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnClampMinTensor(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnClampMaxTensor and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnClampMaxTensorGetWorkspaceSize(const aclTensor *self, const aclTensor *max, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Limit of each element from above by a tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnClampMaxTensor(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnExp and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnExpGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Exponential of each element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnExp(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceExp and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceExpGetWorkspaceSize(aclTensor *selfRef, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Exponential of each element, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceExp(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnExpm1 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnExpm1GetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Exponential of each element, less one.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnExpm1(void *workspace, uint64_t workspace_size, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnLog and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLogGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Natural logarithm of each element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLog(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnLog2 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLog2GetWorkspaceSize(const aclTensor *self, const aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Logarithm of each element to base two.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLog2(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnLog1p and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLog1pGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Natural logarithm of each element plus one.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLog1p(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnSqrt and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSqrtGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **opExecutor);
/** Square root of each element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSqrt(void *workspace, uint64_t workspaceSize, aclOpExecutor *opExecutor, aclrtStream stream);
/** Plans aclnnInplaceSqrt and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceSqrtGetWorkspaceSize(aclTensor *self, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Square root of each element, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceSqrt(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnRsqrt and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRsqrtGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** One over the square root of each element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRsqrt(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnReciprocal and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnReciprocalGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** One over each element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnReciprocal(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnNeg and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnNegGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Each element with its sign turned.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnNeg(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnAbs and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAbsGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Absolute value of each element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAbs(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnErf and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnErfGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Error function of each element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnErf(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnErfc and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnErfcGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Complementary error function of each element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnErfc(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnSin and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSinGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Sine of each element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSin(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnCos and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnCosGetWorkspaceSize(const aclTensor *input, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Cosine of each element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnCos(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnTan and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnTanGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Tangent of each element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnTan(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnAsin and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAsinGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Arc sine of each element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAsin(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAcos and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAcosGetWorkspaceSize(const aclTensor *input, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Arc cosine of each element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAcos(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnAtan and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAtanGetWorkspaceSize(const aclTensor *input, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Arc tangent of each element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAtan(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnSinh and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSinhGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Hyperbolic sine of each element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSinh(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnCosh and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnCoshGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Hyperbolic cosine of each element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnCosh(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAsinh and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAsinhGetWorkspaceSize(const aclTensor *input, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Inverse hyperbolic sine of each element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAsinh(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAcosh and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAcoshGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Inverse hyperbolic cosine of each element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAcosh(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAtanh and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAtanhGetWorkspaceSize(const aclTensor *input, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Inverse hyperbolic tangent of each element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAtanh(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnFloor and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFloorGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Each element rounded down.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFloor(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnCeil and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnCeilGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Each element rounded up.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnCeil(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnRound and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRoundGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Each element rounded to the nearest, halves to even.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRound(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnRoundDecimals and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRoundDecimalsGetWorkspaceSize(const aclTensor *self, int64_t decimals, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Each element rounded to so many decimals.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRoundDecimals(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnTrunc and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnTruncGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Each element rounded towards zero.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnTrunc(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnSign and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSignGetWorkspaceSize(const aclTensor *self, aclTensor *result, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Sign of each element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSign(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnSquare and gives the bytes of workspace it needs.
 *  In libopapi_math.so; since a CANN after 8.1. */
aclnnStatus aclnnSquareGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Square of each element.
 *  In libopapi_math.so; since a CANN after 8.1. */
aclnnStatus aclnnSquare(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnPowTensorTensor and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnPowTensorTensorGetWorkspaceSize(const aclTensor *self, const aclTensor *exponent, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** A tensor to the power of another.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnPowTensorTensor(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnPowTensorScalar and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnPowTensorScalarGetWorkspaceSize(const aclTensor *self, const aclScalar *exponent, const aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** A tensor to the power of a scalar.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnPowTensorScalar(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnPowScalarTensor and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnPowScalarTensorGetWorkspaceSize(const aclScalar *self, const aclTensor *exponent, const aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** A scalar to the power of a tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnPowScalarTensor(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplacePowTensorScalar and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplacePowTensorScalarGetWorkspaceSize(const aclTensor *self, const aclScalar *exponent, uint64_t *workspaceSize, aclOpExecutor **executor);
/** A tensor to the power of a scalar, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplacePowTensorScalar(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAddcmul and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAddcmulGetWorkspaceSize(const aclTensor *self, const aclTensor *tensor1, const aclTensor *tensor2, const aclScalar *value, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Sum of a tensor and a multiple of the product of two others.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAddcmul(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAddcdiv and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAddcdivGetWorkspaceSize(const aclTensor *self, const aclTensor *tensor1, const aclTensor *tensor2, const aclScalar *value, const aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Sum of a tensor and a multiple of the quotient of two others.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAddcdiv(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnLerp and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLerpGetWorkspaceSize(const aclTensor *self, const aclTensor *end, const aclTensor *weight, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Point between two tensors, by a tensor of weights.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLerp(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnLerps and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLerpsGetWorkspaceSize(const aclTensor *self, const aclTensor *end, const aclScalar *weight, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Point between two tensors, by a scalar weight.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLerps(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnEqTensor and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnEqTensorGetWorkspaceSize(const aclTensor *self, const aclTensor *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Whether two tensors are equal, element by element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnEqTensor(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnEqScalar and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnEqScalarGetWorkspaceSize(const aclTensor *self, const aclScalar *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Whether each element equals a scalar.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnEqScalar(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnNeTensor and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnNeTensorGetWorkspaceSize(const aclTensor *self, const aclTensor *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Whether two tensors differ, element by element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnNeTensor(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnNeScalar and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnNeScalarGetWorkspaceSize(const aclTensor *self, const aclScalar *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Whether each element differs from a scalar.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnNeScalar(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnGtTensor and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGtTensorGetWorkspaceSize(const aclTensor *self, const aclTensor *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Whether one tensor is greater than another, element by element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGtTensor(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnGtScalar and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGtScalarGetWorkspaceSize(const aclTensor *self, const aclScalar *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Whether each element is greater than a scalar.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGtScalar(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnGeTensor and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGeTensorGetWorkspaceSize(const aclTensor *self, const aclTensor *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Whether one tensor is not less than another, element by element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGeTensor(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnGeScalar and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGeScalarGetWorkspaceSize(const aclTensor *self, const aclScalar *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Whether each element is not less than a scalar.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGeScalar(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnLtTensor and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLtTensorGetWorkspaceSize(const aclTensor *self, const aclTensor *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Whether one tensor is less than another, element by element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLtTensor(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnLtScalar and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLtScalarGetWorkspaceSize(const aclTensor *self, const aclScalar *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Whether each element is less than a scalar.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLtScalar(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnLeTensor and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLeTensorGetWorkspaceSize(const aclTensor *self, const aclTensor *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Whether one tensor is not greater than another, element by element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLeTensor(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnLeScalar and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLeScalarGetWorkspaceSize(const aclTensor *self, const aclScalar *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Whether each element is not greater than a scalar.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLeScalar(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnLogicalAnd and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLogicalAndGetWorkspaceSize(const aclTensor *self, const aclTensor *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Logical and of each pair of elements.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLogicalAnd(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnLogicalOr and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLogicalOrGetWorkspaceSize(const aclTensor *self, const aclTensor *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Logical or of each pair of elements.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLogicalOr(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnLogicalNot and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLogicalNotGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Logical not of each element.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLogicalNot(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnLogicalXor and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLogicalXorGetWorkspaceSize(const aclTensor *self, const aclTensor *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Logical exclusive or of each pair of elements.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLogicalXor(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnBitwiseAndTensor and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnBitwiseAndTensorGetWorkspaceSize(const aclTensor *self, const aclTensor *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Bits that both elements have.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnBitwiseAndTensor(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnBitwiseOrTensor and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnBitwiseOrTensorGetWorkspaceSize(const aclTensor *self, const aclTensor *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Bits that one of two elements has.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnBitwiseOrTensor(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnBitwiseXorTensor and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnBitwiseXorTensorGetWorkspaceSize(const aclTensor *self, const aclTensor *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Bits in which two elements differ.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnBitwiseXorTensor(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnBitwiseNot and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnBitwiseNotGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Each element with its bits turned.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnBitwiseNot(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnIsFinite and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIsFiniteGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Whether each element is a finite number.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIsFinite(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnIsInf and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIsInfGetWorkspaceSize(const aclTensor *x, const aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Whether each element is infinite.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIsInf(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnIsNegInf and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIsNegInfGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Whether each element is minus infinity.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIsNegInf(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnIsPosInf and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIsPosInfGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Whether each element is plus infinity.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIsPosInf(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnSWhere and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSWhereGetWorkspaceSize(const aclTensor *condition, const aclTensor *self, const aclTensor *other, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Elements of one of two tensors, by a condition.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSWhere(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnMaskedSelect and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMaskedSelectGetWorkspaceSize(const aclTensor *self, const aclTensor *mask, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Those elements that a mask names, as a list.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMaskedSelect(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceMaskedFillScalar and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceMaskedFillScalarGetWorkspaceSize(aclTensor *selfRef, const aclTensor *mask, const aclScalar *value, uint64_t *workspaceSize, aclOpExecutor **executor);
/** A scalar where a mask says so, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceMaskedFillScalar(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceMaskedFillTensor and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceMaskedFillTensorGetWorkspaceSize(aclTensor *selfRef, const aclTensor *mask, const aclTensor *value, uint64_t *workspaceSize, aclOpExecutor **executor);
/** A single-element tensor's value where a mask says so, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceMaskedFillTensor(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnMatmul and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMatmulGetWorkspaceSize(const aclTensor *self, const aclTensor *mat2, aclTensor *out, int8_t cubeMathType, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Product of tensors as matrices, with broadcasting.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMatmul(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnMm and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMmGetWorkspaceSize(const aclTensor *self, const aclTensor *mat2, aclTensor *out, int8_t cubeMathType, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Product of two matrices.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMm(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnBatchMatMul and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnBatchMatMulGetWorkspaceSize(const aclTensor *self, const aclTensor *mat2, aclTensor *out, int8_t cubeMathType, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Products of two batches of matrices.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnBatchMatMul(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnGemm and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGemmGetWorkspaceSize(const aclTensor *A, const aclTensor *B, const aclTensor *C, float alpha, float beta, int64_t transA, int64_t transB, aclTensor *out, int8_t cubeMathType, uint64_t *workspaceSize, aclOpExecutor **executor);
/** A multiple of a product plus a multiple of a third matrix.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGemm(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAddmm and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAddmmGetWorkspaceSize(const aclTensor *self, const aclTensor *mat1, const aclTensor *mat2, const aclScalar *beta, const aclScalar *alpha, aclTensor *out, int8_t cubeMathType, uint64_t *workspaceSize, aclOpExecutor **executor);
/** A multiple of a matrix plus a multiple of a product.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAddmm(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceAddmm and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceAddmmGetWorkspaceSize(const aclTensor *selfRef, const aclTensor *mat1, const aclTensor *mat2, const aclScalar *beta, const aclScalar *alpha, int8_t cubeMathType, uint64_t *workspaceSize, aclOpExecutor **executor);
/** A multiple of a matrix plus a multiple of a product, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceAddmm(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAddbmm and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAddbmmGetWorkspaceSize(const aclTensor *self, const aclTensor *batch1, const aclTensor *batch2, const aclScalar *beta, const aclScalar *alpha, aclTensor *out, int8_t cubeMathType, uint64_t *workspaceSize, aclOpExecutor **executor);
/** A multiple of a matrix plus the sum of a batch of products.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAddbmm(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnBaddbmm and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnBaddbmmGetWorkspaceSize(const aclTensor *self, const aclTensor *batch1, const aclTensor *batch2, const aclScalar *beta, const aclScalar *alpha, aclTensor *out, int8_t cubeMathType, uint64_t *workspaceSize, aclOpExecutor **executor);
/** A multiple of a batch plus a multiple of a batch of products.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnBaddbmm(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAddmv and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAddmvGetWorkspaceSize(const aclTensor *self, const aclTensor *mat, const aclTensor *vec, const aclScalar *alpha, const aclScalar *beta, aclTensor *out, int8_t cubeMathType, uint64_t *workspaceSize, aclOpExecutor **executor);
/** A multiple of a vector plus a multiple of a matrix times a vector.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAddmv(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnMv and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMvGetWorkspaceSize(const aclTensor *self, const aclTensor *vec, aclTensor *out, int8_t cubeMathType, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Product of a matrix and a vector.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMv(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnDot and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnDotGetWorkspaceSize(const aclTensor *self, const aclTensor *tensor, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Scalar product of two vectors.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnDot(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnMatmulWeightNz and gives the bytes of workspace it needs.
 *  In libopapi_nn.so; since a CANN after 8.1. */
aclnnStatus aclnnMatmulWeightNzGetWorkspaceSize(const aclTensor *self, const aclTensor *mat2, aclTensor *out, int8_t cubeMathType, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Matmul with the weight in the chip's own format.
 *  In libopapi_nn.so; since a CANN after 8.1. */
aclnnStatus aclnnMatmulWeightNz(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnBatchMatMulWeightNz and gives the bytes of workspace it needs.
 *  In libopapi_nn.so; since a CANN after 8.1. */
aclnnStatus aclnnBatchMatMulWeightNzGetWorkspaceSize(const aclTensor *self, const aclTensor *mat2, aclTensor *out, int8_t cubeMathType, uint64_t *workspaceSize, aclOpExecutor **executor);
/** BatchMatMul with the weight in the chip's own format.
 *  In libopapi_nn.so; since a CANN after 8.1. */
aclnnStatus aclnnBatchMatMulWeightNz(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAddmmWeightNz and gives the bytes of workspace it needs.
 *  In libopapi_nn.so; since a CANN after 8.1. */
aclnnStatus aclnnAddmmWeightNzGetWorkspaceSize(const aclTensor *self, const aclTensor *mat1, const aclTensor *mat2, const aclScalar *beta, const aclScalar *alpha, aclTensor *out, int8_t cubeMathType, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Addmm with the weight in the chip's own format.
 *  In libopapi_nn.so; since a CANN after 8.1. */
aclnnStatus aclnnAddmmWeightNz(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnTransMatmulWeight and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnTransMatmulWeightGetWorkspaceSize(aclTensor *mmWeightRef, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Brings a weight of Matmul into the chip's own format.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnTransMatmulWeight(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Gives the size of a weight of Matmul in the chip's own format.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnCalculateMatmulWeightSize(const aclIntArray *tensorShape, uint64_t *weightTensorSize);
/** Gives that size for a data type.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnCalculateMatmulWeightSizeV2(const aclIntArray *tensorShape, aclDataType dataType, uint64_t *weightTensorSize);
/** Plans aclnnWeightQuantBatchMatmulV2 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnWeightQuantBatchMatmulV2GetWorkspaceSize(const aclTensor *x, const aclTensor *weight, const aclTensor *antiquantScale, const aclTensor *antiquantOffsetOptional, const aclTensor *quantScaleOptional, const aclTensor *quantOffsetOptional, const aclTensor *biasOptional, int antiquantGroupSize, const aclTensor *y, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Product with a quantised weight.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnWeightQuantBatchMatmulV2(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnWeightQuantBatchMatmulV3 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnWeightQuantBatchMatmulV3GetWorkspaceSize(const aclTensor *x, const aclTensor *weight, const aclTensor *antiquantScale, const aclTensor *antiquantOffsetOptional, const aclTensor *quantScaleOptional, const aclTensor *quantOffsetOptional, const aclTensor *biasOptional, int antiquantGroupSize, int innerPrecise, const aclTensor *y, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Product with a quantised weight and a choice of precision.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnWeightQuantBatchMatmulV3(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnQuantMatmulV3 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnQuantMatmulV3GetWorkspaceSize(const aclTensor *x1, const aclTensor *x2, const aclTensor *scale, const aclTensor *offset, const aclTensor *bias, bool transposeX1, bool transposeX2, const aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Product of quantised matrices.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnQuantMatmulV3(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnQuantMatmulV4 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnQuantMatmulV4GetWorkspaceSize(const aclTensor *x1, const aclTensor *x2, const aclTensor *scale, const aclTensor *offset, const aclTensor *pertokenScaleOptional, const aclTensor *bias, bool transposeX1, bool transposeX2, const aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Product of quantised matrices, with scales for each row.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnQuantMatmulV4(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnQuantMatmulV5 and gives the bytes of workspace it needs.
 *  In libopapi_nn.so; since a CANN after 8.1. */
aclnnStatus aclnnQuantMatmulV5GetWorkspaceSize(const aclTensor *x1, const aclTensor *x2, const aclTensor *x1Scale, const aclTensor *x2Scale, const aclTensor *yScale, const aclTensor *x1Offset, const aclTensor *x2Offset, const aclTensor *yOffset, const aclTensor *bias, bool transposeX1, bool transposeX2, int64_t groupSize, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Product of quantised matrices, with scales for groups.
 *  In libopapi_nn.so; since a CANN after 8.1. */
aclnnStatus aclnnQuantMatmulV5(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnFusedMatmul and gives the bytes of workspace it needs.
 *  In libopapi_nn.so; since a CANN after 8.1. */
aclnnStatus aclnnFusedMatmulGetWorkspaceSize(const aclTensor *x1, const aclTensor *x2, const aclTensor *bias, const aclTensor *x3, const char *fusedOpType, int8_t cubeMathType, const aclTensor *y, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Product with a further operation on its result.
 *  In libopapi_nn.so; since a CANN after 8.1. */
aclnnStatus aclnnFusedMatmul(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnEinsum and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnEinsumGetWorkspaceSize(const aclTensorList *tensors, const char *equation, aclTensor *output, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Sum of products by an equation of indices.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnEinsum(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnGroupedMatmulV4 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_transformer.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGroupedMatmulV4GetWorkspaceSize(const aclTensorList *x, const aclTensorList *weight, const aclTensorList *biasOptional, const aclTensorList *scaleOptional, const aclTensorList *offsetOptional, const aclTensorList *antiquantScaleOptional, const aclTensorList *antiquantOffsetOptional, const aclTensorList *perTokenScaleOptional, const aclTensor *groupListOptional, const aclTensorList *activationInputOptional, const aclTensorList *activationQuantScaleOptional, const aclTensorList *activationQuantOffsetOptional, int64_t splitItem, int64_t groupType, int64_t groupListType, int64_t actType, aclTensorList *out, aclTensorList *activationFeatureOutOptional, aclTensorList *dynQuantScaleOutOptional, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Products of several pairs of matrices at once.
 *  In libopapi.so, from 9.0 on libopapi_transformer.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGroupedMatmulV4(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnMaxPool and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMaxPoolGetWorkspaceSize(const aclTensor *self, const aclIntArray *kernelShape, const aclIntArray *strides, const int64_t autoPad, const aclIntArray *pads, const aclIntArray *dilations, const int64_t ceilMode, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Largest element of each window.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMaxPool(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnMaxPool2dWithMask and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMaxPool2dWithMaskGetWorkspaceSize(const aclTensor *self, const aclIntArray *kernelSize, const aclIntArray *stride, const aclIntArray *padding, const aclIntArray *dilation, bool ceilMode, aclTensor *out, aclTensor *indices, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Largest element of each window and a mask of where it was.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMaxPool2dWithMask(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnMaxPool2dWithIndices and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMaxPool2dWithIndicesGetWorkspaceSize(const aclTensor *self, const aclIntArray *kernelSize, const aclIntArray *stride, const aclIntArray *padding, const aclIntArray *dilation, bool ceilMode, aclTensor *out, aclTensor *indices, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Largest element of each window and where it was.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMaxPool2dWithIndices(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnMaxPool3dWithArgmax and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMaxPool3dWithArgmaxGetWorkspaceSize(const aclTensor *self, const aclIntArray *kernelSize, const aclIntArray *stride, const aclIntArray *padding, const aclIntArray *dilation, bool ceilMode, aclTensor *out, aclTensor *indices, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Largest element of each window in three dimensions and where it was.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMaxPool3dWithArgmax(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAvgPool2d and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAvgPool2dGetWorkspaceSize(const aclTensor *self, const aclIntArray *kernelSize, const aclIntArray *strides, const aclIntArray *paddings, const bool ceilMode, const bool countIncludePad, const int64_t divisorOverride, const int8_t cubeMathType, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Mean of each window.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAvgPool2d(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAvgPool3d and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAvgPool3dGetWorkspaceSize(const aclTensor *self, const aclIntArray *kernelSize, const aclIntArray *stride, const aclIntArray *padding, bool ceilMode, bool countIncludePad, int64_t divisorOverride, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Mean of each window in three dimensions.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAvgPool3d(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAdaptiveAvgPool2d and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAdaptiveAvgPool2dGetWorkspaceSize(const aclTensor *self, const aclIntArray *outputSize, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Mean of windows chosen to give a size.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAdaptiveAvgPool2d(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnAdaptiveAvgPool3d and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAdaptiveAvgPool3dGetWorkspaceSize(const aclTensor *self, const aclIntArray *outputSize, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Mean of windows in three dimensions chosen to give a size.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAdaptiveAvgPool3d(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAdaptiveMaxPool2d and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAdaptiveMaxPool2dGetWorkspaceSize(const aclTensor *self, const aclIntArray *outputSize, aclTensor *outputOut, aclTensor *indicesOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Largest element of windows chosen to give a size.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAdaptiveMaxPool2d(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnGlobalAveragePool and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGlobalAveragePoolGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Mean of each channel.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGlobalAveragePool(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnGlobalMaxPool and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGlobalMaxPoolGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Largest element of each channel.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGlobalMaxPool(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnMean and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMeanGetWorkspaceSize(const aclTensor *self, const aclIntArray *dim, bool keepDim, aclDataType dtype, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Mean over dimensions, in a chosen type.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMean(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnMeanV2 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMeanV2GetWorkspaceSize(const aclTensor *self, const aclIntArray *dim, bool keepDim, bool noopWithEmptyAxes, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Mean over dimensions, which may be none.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMeanV2(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnReduceSum and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnReduceSumGetWorkspaceSize(const aclTensor *self, const aclIntArray *dims, bool keepDims, aclDataType dtype, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Sum over dimensions, in a chosen type.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnReduceSum(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnReduceNansum and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnReduceNansumGetWorkspaceSize(const aclTensor *self, const aclIntArray *dim, bool keepDim, aclDataType dtype, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Sum over dimensions that takes NaN as zero.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnReduceNansum(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnSum and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSumGetWorkspaceSize(const aclTensorList *tensors, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Sum of a list of tensors.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSum(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAmax and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAmaxGetWorkspaceSize(const aclTensor *self, const aclIntArray *dim, bool keepDim, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Largest element over dimensions.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAmax(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAmin and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAminGetWorkspaceSize(const aclTensor *self, const aclIntArray *dim, bool keepDim, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Smallest element over dimensions.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAmin(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnMax and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMaxGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Largest element of all.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMax(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnMin and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMinGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Smallest element of all.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMin(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnMaxDim and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMaxDimGetWorkspaceSize(const aclTensor *self, int64_t dim, bool keepdim, aclTensor *out, aclTensor *indices, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Largest element along a dimension and where it was.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMaxDim(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnMinDim and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMinDimGetWorkspaceSize(const aclTensor *self, int64_t dim, bool keepdim, aclTensor *out, aclTensor *indices, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Smallest element along a dimension and where it was.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMinDim(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnMaxV2 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMaxV2GetWorkspaceSize(const aclTensor *self, const aclIntArray *dims, bool keepDims, bool noopWithEmptyDims, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Largest element over several dimensions.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnMaxV2(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnProd and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnProdGetWorkspaceSize(const aclTensor *self, const aclDataType dtype, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Product of all elements.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnProd(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnProdDim and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnProdDimGetWorkspaceSize(const aclTensor *self, int64_t dim, bool keepDim, const aclDataType dtype, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Product along a dimension.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnProdDim(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAll and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAllGetWorkspaceSize(const aclTensor *self, const aclIntArray *dim, bool keepdim, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Whether all elements over dimensions are true.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAll(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnAny and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAnyGetWorkspaceSize(const aclTensor *self, const aclIntArray *dim, bool keepdim, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Whether any element over dimensions is true.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAny(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnArgMax and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnArgMaxGetWorkspaceSize(const aclTensor *self, int64_t dim, bool keepdim, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Where the largest element along a dimension is.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnArgMax(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnArgMin and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnArgMinGetWorkspaceSize(const aclTensor *self, int64_t dim, bool keepdim, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Where the smallest element along a dimension is.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnArgMin(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnTopk and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnTopkGetWorkspaceSize(const aclTensor *self, int64_t k, int64_t dim, bool largest, bool sorted, aclTensor *valuesOut, aclTensor *indicesOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** The largest or smallest elements along a dimension and where they were.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnTopk(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnSort and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSortGetWorkspaceSize(const aclTensor *self, bool stable, int64_t dim, bool descending, aclTensor *valuesOut, aclTensor *indicesOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Elements in order along a dimension and where they were.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSort(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnArgsort and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnArgsortGetWorkspaceSize(const aclTensor *self, int64_t dim, bool descending, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Where the elements in order along a dimension were.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnArgsort(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnCumsum and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnCumsumGetWorkspaceSize(const aclTensor *self, int64_t dim, aclDataType dtype, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Running sum along a dimension.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnCumsum(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnCumsumV2 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnCumsumV2GetWorkspaceSize(const aclTensor *self, int64_t dim, bool exclusive, bool reverse, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Running sum, with a choice of direction and of leaving out the element itself.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnCumsumV2(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnCumprod and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnCumprodGetWorkspaceSize(const aclTensor *input, const aclScalar *dim, const aclDataType dtype, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Running product along a dimension.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnCumprod(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnVar and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnVarGetWorkspaceSize(const aclTensor *self, const aclIntArray *dim, bool unbiased, bool keepdim, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Variance over dimensions.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnVar(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnVarCorrection and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnVarCorrectionGetWorkspaceSize(const aclTensor *self, const aclIntArray *dim, int64_t correction, bool keepdim, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Variance over dimensions, with a correction.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnVarCorrection(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnStd and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnStdGetWorkspaceSize(const aclTensor *self, const aclIntArray *dim, const int64_t correction, bool keepdim, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Standard deviation over dimensions.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnStd(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnStdMeanCorrection and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnStdMeanCorrectionGetWorkspaceSize(const aclTensor *self, const aclIntArray *dim, int64_t correction, bool keepdim, aclTensor *stdOut, aclTensor *meanOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Standard deviation and mean over dimensions, with a correction.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnStdMeanCorrection(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnVarMean and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnVarMeanGetWorkspaceSize(const aclTensor *self, const aclIntArray *dim, int64_t correction, bool keepdim, aclTensor *varOut, aclTensor *meanOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Variance and mean over dimensions.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnVarMean(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAminmax and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAminmaxGetWorkspaceSize(const aclTensor *self, const aclIntArray *dim, bool keepDim, aclTensor *minOut, aclTensor *maxOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Smallest and largest element along dimensions.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAminmax(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnLogSumExp and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLogSumExpGetWorkspaceSize(const aclTensor *self, const aclIntArray *dim, bool keepDim, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Logarithm of the sum of exponentials.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLogSumExp(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnReduceLogSum and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnReduceLogSumGetWorkspaceSize(const aclTensor *data, const aclIntArray *axes, bool keepDims, bool noopWithEmptyAxes, aclTensor *reduce, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Logarithm of the sum.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnReduceLogSum(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnCat and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnCatGetWorkspaceSize(const aclTensorList *tensors, int64_t dim, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Tensors one behind the other along a dimension.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnCat(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnStack and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnStackGetWorkspaceSize(const aclTensorList *tensors, int64_t dim, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Tensors one behind the other along a new dimension.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnStack(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnSplitTensor and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSplitTensorGetWorkspaceSize(const aclTensor *self, uint64_t splitSections, int64_t dim, aclTensorList *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Pieces of one size along a dimension.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSplitTensor(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnSplitWithSize and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSplitWithSizeGetWorkspaceSize(const aclTensor *self, const aclIntArray *splitSize, int64_t dim, aclTensorList *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Pieces of given sizes along a dimension.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSplitWithSize(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnSlice and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSliceGetWorkspaceSize(const aclTensor *self, int64_t dim, int64_t start, int64_t end, int64_t step, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Elements from a start to an end by a step, along one dimension.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSlice(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnSliceV2 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSliceV2GetWorkspaceSize(const aclTensor *self, const aclIntArray *starts, const aclIntArray *ends, const aclIntArray *axes, const aclIntArray *steps, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Elements from starts to ends by steps, along several dimensions.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSliceV2(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnStridedSlice and gives the bytes of workspace it needs.
 *  In libopapi_math.so; since a CANN after 8.1. */
aclnnStatus aclnnStridedSliceGetWorkspaceSize(const aclTensor *self, const aclIntArray *begin, const aclIntArray *end, const aclIntArray *strides, int64_t beginMask, int64_t endMask, int64_t ellipsisMask, int64_t newAxisMask, int64_t shrinkAxisMask, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Elements from starts to ends by steps, with masks.
 *  In libopapi_math.so; since a CANN after 8.1. */
aclnnStatus aclnnStridedSlice(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnPermute and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnPermuteGetWorkspaceSize(const aclTensor *self, const aclIntArray *dims, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Dimensions in another order.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnPermute(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnExpand and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnExpandGetWorkspaceSize(const aclTensor *self, const aclIntArray *size, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Dimensions of extent one repeated to a shape.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnExpand(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnRepeat and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRepeatGetWorkspaceSize(const aclTensor *self, const aclIntArray *repeats, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Tensor repeated along each dimension.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRepeat(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnRepeatInterleave and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRepeatInterleaveGetWorkspaceSize(const aclTensor *self, const aclTensor *repeats, int64_t outputSize, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Each element repeated.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRepeatInterleave(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnFlip and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFlipGetWorkspaceSize(const aclTensor *self, const aclIntArray *dims, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Elements in reverse along dimensions.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFlip(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnRoll and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRollGetWorkspaceSize(const aclTensor *x, const aclIntArray *shifts, const aclIntArray *dims, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Elements moved round along dimensions.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRoll(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnTril and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnTrilGetWorkspaceSize(const aclTensor *self, int64_t diagonal, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Lower triangle of matrices.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnTril(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnTriu and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnTriuGetWorkspaceSize(const aclTensor *self, int64_t diagonal, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Upper triangle of matrices.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnTriu(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnConstantPadNd and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnConstantPadNdGetWorkspaceSize(const aclTensor *self, const aclIntArray *pad, const aclScalar *value, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Borders of one value.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnConstantPadNd(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnReflectionPad1d and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnReflectionPad1dGetWorkspaceSize(const aclTensor *self, const aclIntArray *padding, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Mirrored borders in one dimension.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnReflectionPad1d(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnReflectionPad2d and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnReflectionPad2dGetWorkspaceSize(const aclTensor *self, const aclIntArray *padding, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Mirrored borders in two dimensions.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnReflectionPad2d(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnReplicationPad1d and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnReplicationPad1dGetWorkspaceSize(const aclTensor *self, const aclIntArray *padding, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Borders of the edge value in one dimension.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnReplicationPad1d(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnReplicationPad2d and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnReplicationPad2dGetWorkspaceSize(const aclTensor *self, const aclIntArray *padding, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Borders of the edge value in two dimensions.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnReplicationPad2d(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnCircularPad2d and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnCircularPad2dGetWorkspaceSize(const aclTensor *self, const aclIntArray *padding, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Borders of the opposite edge in two dimensions.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnCircularPad2d(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnUnfoldGrad and gives the bytes of workspace it needs.
 *  In libopapi_math.so; since a CANN after 8.1. */
aclnnStatus aclnnUnfoldGradGetWorkspaceSize(const aclTensor *gradOut, const aclIntArray *inputSizes, int64_t dim, int64_t size, int64_t step, const aclTensor *gradIn, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Gradient of taking windows along a dimension.
 *  In libopapi_math.so; since a CANN after 8.1. */
aclnnStatus aclnnUnfoldGrad(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnIm2col and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIm2colGetWorkspaceSize(const aclTensor *self, const aclIntArray *kernelSize, const aclIntArray *dilation, const aclIntArray *padding, const aclIntArray *stride, const aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Windows of a picture as columns.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIm2col(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnIm2colBackward and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIm2colBackwardGetWorkspaceSize(const aclTensor *gradOutput, const aclIntArray *inputSize, const aclIntArray *kernelSize, const aclIntArray *dilation, const aclIntArray *padding, const aclIntArray *stride, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Columns added back to a picture.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIm2colBackward(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnCast and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnCastGetWorkspaceSize(const aclTensor *self, const aclDataType dtype, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Elements of another type.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnCast(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceCopy and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceCopyGetWorkspaceSize(aclTensor *selfRef, const aclTensor *src, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Copy of one tensor into another, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceCopy(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnNpuFormatCast and gives the bytes of workspace it needs.
 *  In libopapi_math.so; since a CANN after 8.1. */
aclnnStatus aclnnNpuFormatCastGetWorkspaceSize(const aclTensor *srcTensor, aclTensor *dstTensor, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Tensor brought into another format.
 *  In libopapi_math.so; since a CANN after 8.1. */
aclnnStatus aclnnNpuFormatCast(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Gives shape and format that NpuFormatCast will make.
 *  In libopapi_math.so; since a CANN after 8.1. */
aclnnStatus aclnnNpuFormatCastCalculateSizeAndFormat(const aclTensor *srcTensor, const int dstFormat, int additionalDtype, int64_t **dstShape, uint64_t *dstShapeSize, int *actualFormat);
/** Plans aclnnChunkCat and gives the bytes of workspace it needs.
 *  In libopapi_math.so; since a CANN after 8.1. */
aclnnStatus aclnnChunkCatGetWorkspaceSize(const aclTensorList *tensors, int64_t dim, int64_t numChunks, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Pieces of several tensors one behind the other.
 *  In libopapi_math.so; since a CANN after 8.1. */
aclnnStatus aclnnChunkCat(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnEmbedding and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnEmbeddingGetWorkspaceSize(const aclTensor *weight, const aclTensor *indices, const aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Rows of a table by index.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnEmbedding(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnEmbeddingBag and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnEmbeddingBagGetWorkspaceSize(const aclTensor *weight, const aclTensor *indices, const aclTensor *offsets, bool scaleGradByFreq, int64_t mode, bool sparse, const aclTensor *perSampleWeights, bool includeLastOffset, int64_t paddingIdx, aclTensor *output, aclTensor *offset2bag, aclTensor *bagSize, aclTensor *maxIndices, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Sums, means or maxima of bags of rows of a table.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnEmbeddingBag(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnEmbeddingRenorm and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnEmbeddingRenormGetWorkspaceSize(aclTensor *selfRef, const aclTensor *indices, double maxNorm, double normType, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Scaling of the named rows of a table so that their norm keeps below a bound.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnEmbeddingRenorm(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnGather and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGatherGetWorkspaceSize(const aclTensor *self, const int64_t dim, const aclTensor *index, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Elements along a dimension by a tensor of indices.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGather(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnGatherV2 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGatherV2GetWorkspaceSize(const aclTensor *self, int64_t dim, const aclTensor *index, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Slices along a dimension by index.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGatherV2(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnGatherV3 and gives the bytes of workspace it needs.
 *  In libopapi_nn.so; since a CANN after 8.1. */
aclnnStatus aclnnGatherV3GetWorkspaceSize(const aclTensor *self, int64_t dim, const aclTensor *index, int64_t batchDims, int64_t mode, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Slices along a dimension by index, with batch dimensions.
 *  In libopapi_nn.so; since a CANN after 8.1. */
aclnnStatus aclnnGatherV3(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnGatherNd and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGatherNdGetWorkspaceSize(const aclTensor *self, const aclTensor *indices, bool negativeIndexSupport, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Slices by rows of indices.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGatherNd(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnIndexSelect and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIndexSelectGetWorkspaceSize(const aclTensor *self, int64_t dim, const aclTensor *index, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Slices along a dimension by a list of indices.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIndexSelect(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnIndex and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIndexGetWorkspaceSize(const aclTensor *self, const aclTensorList *indices, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Elements by several tensors of indices.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIndex(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnIndexAdd and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIndexAddGetWorkspaceSize(const aclTensor *self, const int64_t dim, const aclTensor *index, const aclTensor *source, const aclScalar *alpha, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Slices added along a dimension by index.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIndexAdd(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnIndexPutImpl and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIndexPutImplGetWorkspaceSize(aclTensor *selfRef, const aclTensorList *indices, const aclTensor *values, const bool accumulate, const bool unsafe, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Values put, or added, at several tensors of indices.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIndexPutImpl(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnIndexFill and gives the bytes of workspace it needs.
 *  In libopapi_nn.so; since a CANN after 8.1. */
aclnnStatus aclnnIndexFillGetWorkspaceSize(const aclTensor *self, int64_t dim, const aclTensor *index, const aclScalar *value, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** A scalar in slices by index.
 *  In libopapi_nn.so; since a CANN after 8.1. */
aclnnStatus aclnnIndexFill(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnIndexFillTensor and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIndexFillTensorGetWorkspaceSize(const aclTensor *self, int64_t dim, const aclIntArray *index, const aclScalar *value, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** A scalar in slices by index.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIndexFillTensor(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnIndexCopy and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIndexCopyGetWorkspaceSize(aclTensor *selfRef, int64_t dim, const aclTensor *index, const aclTensor *source, aclTensor *outRef, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Slices copied along a dimension by index.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIndexCopy(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnScatter and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnScatterGetWorkspaceSize(const aclTensor *self, int64_t dim, const aclTensor *index, const aclTensor *src, int64_t reduce, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Elements put along a dimension by a tensor of indices.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnScatter(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnScatterValue and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnScatterValueGetWorkspaceSize(const aclTensor *self, int64_t dim, const aclTensor *index, const aclScalar *value, int64_t reduce, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** One value put along a dimension by a tensor of indices.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnScatterValue(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnInplaceScatter and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceScatterGetWorkspaceSize(aclTensor *selfRef, int64_t dim, const aclTensor *index, const aclTensor *src, int64_t reduce, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Elements put along a dimension by a tensor of indices, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceScatter(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceScatterValue and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceScatterValueGetWorkspaceSize(aclTensor *selfRef, int64_t dim, const aclTensor *index, const aclScalar *value, int64_t reduce, uint64_t *workspaceSize, aclOpExecutor **executor);
/** One value put along a dimension by a tensor of indices, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceScatterValue(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnScatterAdd and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnScatterAddGetWorkspaceSize(const aclTensor *self, int64_t dim, const aclTensor *index, const aclTensor *src, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Elements added along a dimension by a tensor of indices.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnScatterAdd(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnScatterNd and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnScatterNdGetWorkspaceSize(const aclTensor *data, const aclTensor *indices, const aclTensor *updates, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Slices put into a new tensor by rows of indices.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnScatterNd(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnScatterNdUpdate and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnScatterNdUpdateGetWorkspaceSize(aclTensor *varRef, const aclTensor *indices, const aclTensor *updates, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Slices put into a tensor by rows of indices.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnScatterNdUpdate(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnTake and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnTakeGetWorkspaceSize(const aclTensor *self, const aclTensor *index, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Elements by their place in the flat tensor.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnTake(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnNonzero and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnNonzeroGetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Where elements are not zero, a row for each.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnNonzero(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnNonzeroV2 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnNonzeroV2GetWorkspaceSize(const aclTensor *self, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Where elements are not zero, a column for each.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnNonzeroV2(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnOneHot and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnOneHotGetWorkspaceSize(const aclTensor *self, int numClasses, const aclTensor *onValue, const aclTensor *offValue, int64_t axis, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** A vector for each index that is on at that index alone.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnOneHot(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnSearchSorted and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSearchSortedGetWorkspaceSize(const aclTensor *sortedSequence, const aclTensor *self, bool outInt32, bool right, const aclTensor *sorter, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Places at which elements fit into an ordered list.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSearchSorted(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnSearchSorteds and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSearchSortedsGetWorkspaceSize(const aclTensor *sortedSequence, const aclScalar *self, const bool outInt32, const bool right, const aclTensor *sorter, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Place at which a scalar fits into an ordered list.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnSearchSorteds(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnUniqueConsecutive and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUniqueConsecutiveGetWorkspaceSize(const aclTensor *self, bool returnInverse, bool returnCounts, int64_t dim, aclTensor *valueOut, aclTensor *inverseOut, aclTensor *countsOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Elements without repeated neighbours.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUniqueConsecutive(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnUnique2 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUnique2GetWorkspaceSize(const aclTensor *self, bool sorted, bool returnInverse, bool returnCounts, aclTensor *valueOut, aclTensor *inverseOut, aclTensor *countsOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Different elements, with inverse and counts.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUnique2(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnArange and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnArangeGetWorkspaceSize(const aclScalar *start, const aclScalar *end, const aclScalar *step, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Numbers from a start to before an end by a step.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnArange(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnRange and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRangeGetWorkspaceSize(const aclScalar *start, const aclScalar *end, const aclScalar *step, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Numbers from a start to an end by a step.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRange(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnLinspace and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLinspaceGetWorkspaceSize(const aclScalar *start, const aclScalar *end, int64_t steps, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** So many numbers evenly from a start to an end.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnLinspace(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnEye and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnEyeGetWorkspaceSize(int64_t n, int64_t m, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Ones on the diagonal.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnEye(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceFillScalar and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceFillScalarGetWorkspaceSize(aclTensor *selfRef, const aclScalar *value, uint64_t *workspaceSize, aclOpExecutor **executor);
/** A scalar everywhere, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceFillScalar(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceFillTensor and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceFillTensorGetWorkspaceSize(aclTensor *selfRef, const aclTensor *value, uint64_t *workspaceSize, aclOpExecutor **executor);
/** A single-element tensor's value everywhere, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceFillTensor(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceZero and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceZeroGetWorkspaceSize(aclTensor *selfRef, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Zero everywhere, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceZero(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceOne and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceOneGetWorkspaceSize(const aclTensor *selfRef, uint64_t *workspaceSize, aclOpExecutor **executor);
/** One everywhere, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceOne(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceNormal and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceNormalGetWorkspaceSize(const aclTensor *selfRef, float mean, float std, int64_t seed, int64_t offset, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Normally distributed random numbers, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceNormal(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceUniform and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceUniformGetWorkspaceSize(const aclTensor *selfRef, double from, double to, uint64_t seed, uint64_t offset, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Evenly distributed random numbers, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceUniform(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnInplaceRandom and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceRandomGetWorkspaceSize(const aclTensor *selfRef, int64_t from, int64_t to, int64_t seed, int64_t offset, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Random integers, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceRandom(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnDropout and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnDropoutGetWorkspaceSize(const aclTensor *input, double p, bool train, int64_t seed, int64_t offset, aclTensor *out, aclTensor *maskOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Zero for elements at random, and the rest scaled up.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnDropout(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnDropoutV3 and gives the bytes of workspace it needs.
 *  In libopapi_math.so; since a CANN after 8.1. */
aclnnStatus aclnnDropoutV3GetWorkspaceSize(const aclTensor *input, const aclTensor *optionalNoiseShape, double p, int64_t seed, int64_t offset, aclTensor *out, aclTensor *maskOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Dropout with seed and offset in tensors.
 *  In libopapi_math.so; since a CANN after 8.1. */
aclnnStatus aclnnDropoutV3(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnInplaceFillDiagonal and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceFillDiagonalGetWorkspaceSize(aclTensor *selfRef, const aclScalar *fillValue, bool wrap, uint64_t *workspaceSize, aclOpExecutor **executor);
/** A scalar on the diagonal, in the same tensor.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInplaceFillDiagonal(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnUpsampleNearest1d and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleNearest1dGetWorkspaceSize(const aclTensor *self, const aclIntArray *outputSize, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Scaling to the nearest element in one dimension.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleNearest1d(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnUpsampleNearest1dV2 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleNearest1dV2GetWorkspaceSize(const aclTensor *self, const aclIntArray *outputSize, float scaleL, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Scaling to the nearest element in one dimension, with a scale.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleNearest1dV2(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnUpsampleNearest2d and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleNearest2dGetWorkspaceSize(const aclTensor *self, const aclIntArray *outputSize, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Scaling to the nearest element in two dimensions.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleNearest2d(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnUpsampleNearest2dV2 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleNearest2dV2GetWorkspaceSize(const aclTensor *self, const aclIntArray *outputSize, float scalesH, float scalesW, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Scaling to the nearest element in two dimensions, with scales.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleNearest2dV2(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnUpsampleNearest3d and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleNearest3dGetWorkspaceSize(const aclTensor *self, const aclIntArray *outputSize, double scalesD, double scalesH, double scalesW, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Scaling to the nearest element in three dimensions.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleNearest3d(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnUpsampleNearestExact1d and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleNearestExact1dGetWorkspaceSize(const aclTensor *self, const aclIntArray *outputSize, double scales, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Scaling to the nearest element by centres, in one dimension.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleNearestExact1d(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnUpsampleNearestExact2d and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleNearestExact2dGetWorkspaceSize(const aclTensor *self, const aclIntArray *outputSize, double scalesH, double scalesW, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Scaling to the nearest element by centres, in two dimensions.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleNearestExact2d(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnUpsampleNearestExact3d and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleNearestExact3dGetWorkspaceSize(const aclTensor *self, const aclIntArray *outputSize, double scalesD, double scalesH, double scalesW, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Scaling to the nearest element by centres, in three dimensions.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleNearestExact3d(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnUpsampleLinear1d and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleLinear1dGetWorkspaceSize(const aclTensor *self, const aclIntArray *outputSize, const bool alignCorners, const double scale, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Linear scaling in one dimension.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleLinear1d(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnUpsampleBilinear2d and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleBilinear2dGetWorkspaceSize(const aclTensor *self, const aclIntArray *outputSize, const bool alignCorners, const double scalesH, const double scalesW, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Linear scaling in two dimensions.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleBilinear2d(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnUpsampleBilinear2dAA and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleBilinear2dAAGetWorkspaceSize(const aclTensor *input, const aclIntArray *outputSize, bool alignCorners, double scalesH, double scalesW, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Linear scaling in two dimensions, smoothed when it shrinks.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleBilinear2dAA(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnUpsampleBicubic2d and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleBicubic2dGetWorkspaceSize(const aclTensor *self, const aclIntArray *outputSize, const bool alignCorners, const double scalesH, const double scalesW, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Cubic scaling in two dimensions.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleBicubic2d(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnUpsampleBicubic2dAA and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleBicubic2dAAGetWorkspaceSize(const aclTensor *x, const aclIntArray *outputSize, const bool alignCorners, const double scalesH, const double scalesW, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Cubic scaling in two dimensions, smoothed when it shrinks.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleBicubic2dAA(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnUpsampleTrilinear3d and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleTrilinear3dGetWorkspaceSize(const aclTensor *self, const aclIntArray *outputSize, bool alignCorners, double scalesD, double scalesH, double scalesW, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Linear scaling in three dimensions.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnUpsampleTrilinear3d(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnResize and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnResizeGetWorkspaceSize(const aclTensor *self, const aclFloatArray *scales, const char *mode, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Scaling by factors, in a chosen mode.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnResize(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnGridSampler2D and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGridSampler2DGetWorkspaceSize(const aclTensor *input, const aclTensor *grid, int64_t interpolationMode, int64_t paddingMode, bool alignCorners, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Elements of a picture at the points of a grid.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGridSampler2D(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnGridSampler3D and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGridSampler3DGetWorkspaceSize(const aclTensor *input, const aclTensor *grid, int64_t interpolationMode, int64_t paddingMode, bool alignCorners, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Elements of a volume at the points of a grid.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnGridSampler3D(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAffineGrid and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAffineGridGetWorkspaceSize(const aclTensor *theta, const aclIntArray *size, bool alignCorners, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Grid of an affine map.
 *  In libopapi.so, from 9.0 on libopapi_math.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAffineGrid(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnRoiAlign and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRoiAlignGetWorkspaceSize(const aclTensor *self, const aclTensor *rois, const aclTensor *batchIndices, const char *mode, int outputHeight, int outputWidth, int samplingRatio, float spatialScale, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Areas of a picture, sampled to one size.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRoiAlign(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnRoiAlignV2 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRoiAlignV2GetWorkspaceSize(const aclTensor *self, const aclTensor *boxes, int64_t pooledHeight, int64_t pooledWidth, float spatialScale, int64_t samplingRatio, bool aligned, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** RoiAlign with a choice of where pixels lie.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnRoiAlignV2(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnNonMaxSuppression and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnNonMaxSuppressionGetWorkspaceSize(const aclTensor *boxes, const aclTensor *scores, aclIntArray *maxOutputBoxesPerClass, aclFloatArray *iouThreshold, aclFloatArray *scoreThreshold, int32_t centerPointBox, aclTensor *selectedIndices, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Boxes that no better box overlaps.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnNonMaxSuppression(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnIou and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIouGetWorkspaceSize(const aclTensor *bBoxes, const aclTensor *gtBoxes, const char *mode, float eps, bool aligned, aclTensor *overlap, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Overlap of boxes.
 *  In libopapi.so, from 9.0 on libopapi_cv.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIou(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnFlashAttentionScore and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_transformer.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFlashAttentionScoreGetWorkspaceSize(const aclTensor *query, const aclTensor *key, const aclTensor *value, const aclTensor *realShiftOptional, const aclTensor *dropMaskOptional, const aclTensor *paddingMaskOptional, const aclTensor *attenMaskOptional, const aclIntArray *prefixOptional, double scaleValue, double keepProb, int64_t preTokens, int64_t nextTokens, int64_t headNum, char *inputLayout, int64_t innerPrecise, int64_t sparseMode, const aclTensor *softmaxMaxOut, const aclTensor *softmaxSumOut, const aclTensor *softmaxOutOut, const aclTensor *attentionOutOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Attention that keeps what its gradient needs.
 *  In libopapi.so, from 9.0 on libopapi_transformer.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFlashAttentionScore(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnPromptFlashAttention and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_transformer.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnPromptFlashAttentionGetWorkspaceSize(const aclTensor *query, const aclTensor *key, const aclTensor *value, const aclTensor *pseShift, const aclTensor *attenMask, const aclIntArray *actualSeqLengths, int64_t numHeads, double scaleValue, int64_t preTokens, int64_t nextTokens, char *inputLayout, int64_t numKeyValueHeads, const aclTensor *attentionOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Attention over a whole prompt.
 *  In libopapi.so, from 9.0 on libopapi_transformer.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnPromptFlashAttention(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnPromptFlashAttentionV2 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_transformer.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnPromptFlashAttentionV2GetWorkspaceSize(const aclTensor *query, const aclTensor *key, const aclTensor *value, const aclTensor *pseShift, const aclTensor *attenMask, const aclIntArray *actualSeqLengths, const aclIntArray *actualSeqLengthsKv, const aclTensor *deqScale1, const aclTensor *quantScale1, const aclTensor *deqScale2, const aclTensor *quantScale2, const aclTensor *quantOffset2, int64_t numHeads, double scaleValue, int64_t preTokens, int64_t nextTokens, char *inputLayout, int64_t numKeyValueHeads, int64_t sparseMode, const aclTensor *attentionOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Attention over a whole prompt, with quantisation.
 *  In libopapi.so, from 9.0 on libopapi_transformer.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnPromptFlashAttentionV2(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnPromptFlashAttentionV3 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_transformer.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnPromptFlashAttentionV3GetWorkspaceSize(const aclTensor *query, const aclTensor *key, const aclTensor *value, const aclTensor *pseShift, const aclTensor *attenMask, const aclIntArray *actualSeqLengths, const aclIntArray *actualSeqLengthsKv, const aclTensor *deqScale1, const aclTensor *quantScale1, const aclTensor *deqScale2, const aclTensor *quantScale2, const aclTensor *quantOffset2, int64_t numHeads, double scaleValue, int64_t preTokens, int64_t nextTokens, char *inputLayout, int64_t numKeyValueHeads, int64_t sparseMode, int64_t innerPrecise, const aclTensor *attentionOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Attention over a whole prompt, with a choice of precision.
 *  In libopapi.so, from 9.0 on libopapi_transformer.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnPromptFlashAttentionV3(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnIncreFlashAttention and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_transformer.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIncreFlashAttentionGetWorkspaceSize(const aclTensor *query, const aclTensorList *key, const aclTensorList *value, const aclTensor *pseShift, const aclTensor *attenMask, const aclIntArray *actualSeqLengths, int64_t numHeads, double scaleValue, char *inputLayout, int64_t numKeyValueHeads, const aclTensor *attentionOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Attention of one new token.
 *  In libopapi.so, from 9.0 on libopapi_transformer.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIncreFlashAttention(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnIncreFlashAttentionV4 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_transformer.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIncreFlashAttentionV4GetWorkspaceSize(const aclTensor *query, const aclTensorList *key, const aclTensorList *value, const aclTensor *pseShift, const aclTensor *attenMask, const aclIntArray *actualSeqLengths, const aclTensor *dequantScale1, const aclTensor *quantScale1, const aclTensor *dequantScale2, const aclTensor *quantScale2, const aclTensor *quantOffset2, const aclTensor *antiquantScale, const aclTensor *antiquantOffset, const aclTensor *blocktable, const aclTensor *kvPaddingSize, int64_t numHeads, double scaleValue, char *inputLayout, int64_t numKeyValueHeads, int64_t blockSize, int64_t innerPrecise, const aclTensor *attentionOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Attention of one new token, over paged and quantised caches.
 *  In libopapi.so, from 9.0 on libopapi_transformer.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnIncreFlashAttentionV4(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnFusedInferAttentionScore and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_transformer.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFusedInferAttentionScoreGetWorkspaceSize(const aclTensor *query, const aclTensorList *key, const aclTensorList *value, const aclTensor *pseShift, const aclTensor *attenMask, const aclIntArray *actualSeqLengths, const aclIntArray *actualSeqLengthsKv, const aclTensor *deqScale1, const aclTensor *quantScale1, const aclTensor *deqScale2, const aclTensor *quantScale2, const aclTensor *quantOffset2, const aclTensor *antiquantScale, const aclTensor *antiquantOffset, const aclTensor *blockTable, const aclTensor *queryPaddingSize, const aclTensor *kvPaddingSize, int64_t numHeads, double scaleValue, int64_t preTokens, int64_t nextTokens, char *inputLayout, int64_t numKeyValueHeads, int64_t sparseMode, int64_t innerPrecise, int64_t blockSize, int64_t antiquantMode, bool softmaxLseFlag, const aclTensor *attentionOut, const aclTensor *softmaxLse, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Attention of prompts and new tokens.
 *  In libopapi.so, from 9.0 on libopapi_transformer.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFusedInferAttentionScore(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnFusedInferAttentionScoreV2 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_transformer.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFusedInferAttentionScoreV2GetWorkspaceSize(const aclTensor *query, const aclTensorList *key, const aclTensorList *value, const aclTensor *pseShiftOptional, const aclTensor *attenMaskOptional, const aclIntArray *actualSeqLengthsOptional, const aclIntArray *actualSeqLengthsKvOptional, const aclTensor *deqScale1Optional, const aclTensor *quantScale1Optional, const aclTensor *deqScale2Optional, const aclTensor *quantScale2Optional, const aclTensor *quantOffset2Optional, const aclTensor *antiquantScaleOptional, const aclTensor *antiquantOffsetOptional, const aclTensor *blockTableOptional, const aclTensor *queryPaddingSizeOptional, const aclTensor *kvPaddingSizeOptional, const aclTensor *keyAntiquantScaleOptional, const aclTensor *keyAntiquantOffsetOptional, const aclTensor *valueAntiquantScaleOptional, const aclTensor *valueAntiquantOffsetOptional, const aclTensor *keySharedPrefixOptional, const aclTensor *valueSharedPrefixOptional, const aclIntArray *actualSharedPrefixLenOptional, int64_t numHeads, double scaleValue, int64_t preTokens, int64_t nextTokens, char *inputLayout, int64_t numKeyValueHeads, int64_t sparseMode, int64_t innerPrecise, int64_t blockSize, int64_t antiquantMode, bool softmaxLseFlag, int64_t keyAntiquantMode, int64_t valueAntiquantMode, const aclTensor *attentionOut, const aclTensor *softmaxLse, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Attention of prompts and new tokens, with caches quantised apart.
 *  In libopapi.so, from 9.0 on libopapi_transformer.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFusedInferAttentionScoreV2(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnFusedInferAttentionScoreV3 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_transformer.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFusedInferAttentionScoreV3GetWorkspaceSize(const aclTensor *query, const aclTensorList *key, const aclTensorList *value, const aclTensor *pseShiftOptional, const aclTensor *attenMaskOptional, const aclIntArray *actualSeqLengthsOptional, const aclIntArray *actualSeqLengthsKvOptional, const aclTensor *deqScale1Optional, const aclTensor *quantScale1Optional, const aclTensor *deqScale2Optional, const aclTensor *quantScale2Optional, const aclTensor *quantOffset2Optional, const aclTensor *antiquantScaleOptional, const aclTensor *antiquantOffsetOptional, const aclTensor *blockTableOptional, const aclTensor *queryPaddingSizeOptional, const aclTensor *kvPaddingSizeOptional, const aclTensor *keyAntiquantScaleOptional, const aclTensor *keyAntiquantOffsetOptional, const aclTensor *valueAntiquantScaleOptional, const aclTensor *valueAntiquantOffsetOptional, const aclTensor *keySharedPrefixOptional, const aclTensor *valueSharedPrefixOptional, const aclIntArray *actualSharedPrefixLenOptional, const aclTensor *queryRopeOptional, const aclTensor *keyRopeOptional, const aclTensor *keyRopeAntiquantScaleOptional, int64_t numHeads, double scaleValue, int64_t preTokens, int64_t nextTokens, char *inputLayout, int64_t numKeyValueHeads, int64_t sparseMode, int64_t innerPrecise, int64_t blockSize, int64_t antiquantMode, bool softmaxLseFlag, int64_t keyAntiquantMode, int64_t valueAntiquantMode, const aclTensor *attentionOut, const aclTensor *softmaxLse, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Attention of prompts and new tokens, with rotary parts apart.
 *  In libopapi.so, from 9.0 on libopapi_transformer.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFusedInferAttentionScoreV3(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnFusedInferAttentionScoreV4 and gives the bytes of workspace it needs.
 *  In libopapi_transformer.so; since a CANN after 8.1. */
aclnnStatus aclnnFusedInferAttentionScoreV4GetWorkspaceSize(const aclTensor *query, const aclTensorList *key, const aclTensorList *value, const aclTensor *pseShiftOptional, const aclTensor *attenMaskOptional, const aclIntArray *actualSeqLengthsOptional, const aclIntArray *actualSeqLengthsKvOptional, const aclTensor *deqScale1Optional, const aclTensor *quantScale1Optional, const aclTensor *deqScale2Optional, const aclTensor *quantScale2Optional, const aclTensor *quantOffset2Optional, const aclTensor *antiquantScaleOptional, const aclTensor *antiquantOffsetOptional, const aclTensor *blockTableOptional, const aclTensor *queryPaddingSizeOptional, const aclTensor *kvPaddingSizeOptional, const aclTensor *keyAntiquantScaleOptional, const aclTensor *keyAntiquantOffsetOptional, const aclTensor *valueAntiquantScaleOptional, const aclTensor *valueAntiquantOffsetOptional, const aclTensor *keySharedPrefixOptional, const aclTensor *valueSharedPrefixOptional, const aclIntArray *actualSharedPrefixLenOptional, const aclTensor *queryRopeOptional, const aclTensor *keyRopeOptional, const aclTensor *keyRopeAntiquantScaleOptional, const aclTensor *dequantScaleQueryOptional, const aclTensor *learnableSinkOptional, int64_t numHeads, double scaleValue, int64_t preTokens, int64_t nextTokens, char *inputLayout, int64_t numKeyValueHeads, int64_t sparseMode, int64_t innerPrecise, int64_t blockSize, int64_t antiquantMode, bool softmaxLseFlag, int64_t keyAntiquantMode, int64_t valueAntiquantMode, int64_t queryQuantMode, const aclTensor *attentionOut, const aclTensor *softmaxLse, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Attention of prompts and new tokens, with quantised queries.
 *  In libopapi_transformer.so; since a CANN after 8.1. */
aclnnStatus aclnnFusedInferAttentionScoreV4(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, const aclrtStream stream);
/** Plans aclnnRotaryPositionEmbedding and gives the bytes of workspace it needs.
 *  In libopapi_transformer.so; since a CANN after 8.1. */
aclnnStatus aclnnRotaryPositionEmbeddingGetWorkspaceSize(const aclTensor *x, const aclTensor *cos, const aclTensor *sin, int64_t mode, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Rotation of pairs of elements by their position.
 *  In libopapi_transformer.so; since a CANN after 8.1. */
aclnnStatus aclnnRotaryPositionEmbedding(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnApplyRotaryPosEmb and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_transformer.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnApplyRotaryPosEmbGetWorkspaceSize(aclTensor *queryRef, aclTensor *keyRef, const aclTensor *cos, const aclTensor *sin, int64_t layout, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Rotation of queries and keys by their position.
 *  In libopapi.so, from 9.0 on libopapi_transformer.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnApplyRotaryPosEmb(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnApplyRotaryPosEmbV2 and gives the bytes of workspace it needs.
 *  In libopapi_transformer.so; since a CANN after 8.1. */
aclnnStatus aclnnApplyRotaryPosEmbV2GetWorkspaceSize(aclTensor *queryRef, aclTensor *keyRef, const aclTensor *cos, const aclTensor *sin, int64_t layout, char *rotaryMode, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Rotation of queries and keys by their position, in a chosen mode.
 *  In libopapi_transformer.so; since a CANN after 8.1. */
aclnnStatus aclnnApplyRotaryPosEmbV2(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnScaledMaskedSoftmax and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnScaledMaskedSoftmaxGetWorkspaceSize(const aclTensor *x, const aclTensor *mask, double scale, bool fixedTriuMask, aclTensor *y, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Softmax of scaled and masked elements.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnScaledMaskedSoftmax(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAscendQuant and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAscendQuantGetWorkspaceSize(const aclTensor *x, const aclTensor *scale, const aclTensor *offset, bool sqrtMode, const char *roundMode, int32_t dstType, const aclTensor *y, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Quantisation by scale and offset.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAscendQuant(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAscendQuantV3 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAscendQuantV3GetWorkspaceSize(const aclTensor *x, const aclTensor *scale, const aclTensor *offset, bool sqrtMode, const char *roundMode, int32_t dstType, int32_t axis, const aclTensor *y, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Quantisation by scale and offset along an axis.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAscendQuantV3(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnAscendAntiQuant and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAscendAntiQuantGetWorkspaceSize(const aclTensor *x, const aclTensor *scale, const aclTensor *offset, int64_t dstType, bool sqrtMode, const aclTensor *y, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Quantised values turned back by scale and offset.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnAscendAntiQuant(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnDynamicQuant and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnDynamicQuantGetWorkspaceSize(const aclTensor *x, const aclTensor *smoothScalesOptional, const aclTensor *yOut, const aclTensor *scaleOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Quantisation with scales found for each row.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnDynamicQuant(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnDynamicQuantV2 and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnDynamicQuantV2GetWorkspaceSize(const aclTensor *x, const aclTensor *smoothScalesOptional, const aclTensor *groupIndexOptional, int64_t dstType, const aclTensor *yOut, const aclTensor *scaleOut, const aclTensor *offsetOut, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Quantisation with scales and offsets found for each row.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnDynamicQuantV2(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnQuantize and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnQuantizeGetWorkspaceSize(const aclTensor *x, const aclTensor *scales, const aclTensor *zeroPoints, aclDataType dtype, int32_t axis, aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Quantisation by scales and zero points.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnQuantize(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnFakeQuantPerTensorAffineCachemask and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFakeQuantPerTensorAffineCachemaskGetWorkspaceSize(const aclTensor *self, const aclTensor *scale, const aclTensor *zeroPoint, float fakeQuantEnabled, int64_t quantMin, int64_t quantMax, aclTensor *out, aclTensor *mask, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Quantised and turned back, and what was in range.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFakeQuantPerTensorAffineCachemask(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnFakeQuantPerChannelAffineCachemask and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFakeQuantPerChannelAffineCachemaskGetWorkspaceSize(const aclTensor *self, const aclTensor *scale, const aclTensor *zeroPoint, int64_t axis, int64_t quantMin, int64_t quantMax, aclTensor *out, aclTensor *mask, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Quantised and turned back for each channel, and what was in range.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFakeQuantPerChannelAffineCachemask(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);
/** Plans aclnnDequantBias and gives the bytes of workspace it needs.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnDequantBiasGetWorkspaceSize(const aclTensor *x, const aclTensor *weightScale, const aclTensor *activateScaleOptional, const aclTensor *biasOptional, int64_t outputDtype, const aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor);
/** Turns a quantised product with its bias back.
 *  In libopapi.so, from 9.0 on libopapi_nn.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnDequantBias(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream);

#ifdef __cplusplus
}
#endif

#endif

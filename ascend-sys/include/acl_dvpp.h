/* Picture and video units: every release from CANN 8.1
 * to mid-2026 in one header. Written by tools/acl_header.py; names, numbers and
 * layouts are facts of the interface, the wording is this project's own.
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef ASCEND_SYS_ACL_DVPP_H
#define ASCEND_SYS_ACL_DVPP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ascendcl.h"

#ifdef __cplusplus
extern "C" {
#endif


/** What borders are filled with.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef enum acldvppBorderType {
    BORDER_CONSTANT = 0,
    BORDER_REPLICATE = 1,
    BORDER_REFLECT = 2,
    BORDER_REFLECT_101 = 3,
} acldvppBorderType;

/** Parameters of a channel to the picture units.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef enum acldvppChannelDescParamType {
    ACL_DVPP_CSC_MATRIX_UINT32 = 0,
    ACL_DVPP_MODE_UINT32 = 1,
    ACL_DVPP_CHANNEL_ID_UINT64 = 2,
    ACL_DVPP_CHANNEL_HEIGHT_UINT32 = 3,
    ACL_DVPP_CHANNEL_WIDTH_UINT32 = 4,
    ACL_DVPP_JPEGD_PRECISION_MODE_ENUM = 5,
} acldvppChannelDescParamType;

/** Which units a channel is for.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef enum acldvppChannelMode {
    DVPP_CHNMODE_VPC = 1,
    DVPP_CHNMODE_JPEGD = 2,
    DVPP_CHNMODE_JPEGE = 4,
    DVPP_CHNMODE_PNGD = 8,
} acldvppChannelMode;

/** Matrices of colour conversion.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef enum acldvppCscMatrix {
    ACL_DVPP_CSC_MATRIX_BT601_WIDE = 0,
    ACL_DVPP_CSC_MATRIX_BT601_NARROW = 1,
    ACL_DVPP_CSC_MATRIX_BT709_WIDE = 2,
    ACL_DVPP_CSC_MATRIX_BT709_NARROW = 3,
    ACL_DVPP_CSC_MATRIX_BT2020_WIDE = 4,
    ACL_DVPP_CSC_MATRIX_BT2020_NARROW = 5,
} acldvppCscMatrix;

/** Subsampling of JPEG pictures.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef enum acldvppJpegFormat {
    ACL_JPEG_CSS_444 = 0,
    ACL_JPEG_CSS_422 = 1,
    ACL_JPEG_CSS_420 = 2,
    ACL_JPEG_CSS_GRAY = 3,
    ACL_JPEG_CSS_440 = 4,
    ACL_JPEG_CSS_411 = 5,
    ACL_JPEG_CSS_UNKNOWN = 1000,
} acldvppJpegFormat;

/** How the size of a decoded picture is rounded.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef enum acldvppJpegdPrecisionMode {
    ACL_YUVOUT_ALIGN_DOWN = 0,
    ACL_YUVOUT_ALIGN_UP = 1,
    ACL_YUVOUT_ALIGN_DOWN_COMPAT = 2,
} acldvppJpegdPrecisionMode;

/** Pixel formats of pictures.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef enum acldvppPixelFormat {
    PIXEL_FORMAT_YUV_400 = 0,
    PIXEL_FORMAT_YUV_SEMIPLANAR_420 = 1,
    PIXEL_FORMAT_YVU_SEMIPLANAR_420 = 2,
    PIXEL_FORMAT_YUV_SEMIPLANAR_422 = 3,
    PIXEL_FORMAT_YVU_SEMIPLANAR_422 = 4,
    PIXEL_FORMAT_YUV_SEMIPLANAR_444 = 5,
    PIXEL_FORMAT_YVU_SEMIPLANAR_444 = 6,
    PIXEL_FORMAT_YUYV_PACKED_422 = 7,
    PIXEL_FORMAT_UYVY_PACKED_422 = 8,
    PIXEL_FORMAT_YVYU_PACKED_422 = 9,
    PIXEL_FORMAT_VYUY_PACKED_422 = 10,
    PIXEL_FORMAT_YUV_PACKED_444 = 11,
    PIXEL_FORMAT_RGB_888 = 12,
    PIXEL_FORMAT_BGR_888 = 13,
    PIXEL_FORMAT_ARGB_8888 = 14,
    PIXEL_FORMAT_ABGR_8888 = 15,
    PIXEL_FORMAT_RGBA_8888 = 16,
    PIXEL_FORMAT_BGRA_8888 = 17,
    PIXEL_FORMAT_YUV_SEMI_PLANNER_420_10BIT = 18,
    PIXEL_FORMAT_YVU_SEMI_PLANNER_420_10BIT = 19,
    PIXEL_FORMAT_YVU_PLANAR_420 = 20,
    PIXEL_FORMAT_YVU_PLANAR_422 = 21,
    PIXEL_FORMAT_YVU_PLANAR_444 = 22,
    PIXEL_FORMAT_RGB_444 = 23,
    PIXEL_FORMAT_BGR_444 = 24,
    PIXEL_FORMAT_ARGB_4444 = 25,
    PIXEL_FORMAT_ABGR_4444 = 26,
    PIXEL_FORMAT_RGBA_4444 = 27,
    PIXEL_FORMAT_BGRA_4444 = 28,
    PIXEL_FORMAT_RGB_555 = 29,
    PIXEL_FORMAT_BGR_555 = 30,
    PIXEL_FORMAT_RGB_565 = 31,
    PIXEL_FORMAT_BGR_565 = 32,
    PIXEL_FORMAT_ARGB_1555 = 33,
    PIXEL_FORMAT_ABGR_1555 = 34,
    PIXEL_FORMAT_RGBA_1555 = 35,
    PIXEL_FORMAT_BGRA_1555 = 36,
    PIXEL_FORMAT_ARGB_8565 = 37,
    PIXEL_FORMAT_ABGR_8565 = 38,
    PIXEL_FORMAT_RGBA_8565 = 39,
    PIXEL_FORMAT_BGRA_8565 = 40,
    PIXEL_FORMAT_RGB_BAYER_8BPP = 50,
    PIXEL_FORMAT_RGB_BAYER_10BPP = 51,
    PIXEL_FORMAT_RGB_BAYER_12BPP = 52,
    PIXEL_FORMAT_RGB_BAYER_14BPP = 53,
    PIXEL_FORMAT_RGB_BAYER_16BPP = 54,
    PIXEL_FORMAT_BGR_888_PLANAR = 70,
    PIXEL_FORMAT_HSV_888_PACKAGE = 71,
    PIXEL_FORMAT_HSV_888_PLANAR = 72,
    PIXEL_FORMAT_LAB_888_PACKAGE = 73,
    PIXEL_FORMAT_LAB_888_PLANAR = 74,
    PIXEL_FORMAT_S8C1 = 75,
    PIXEL_FORMAT_S8C2_PACKAGE = 76,
    PIXEL_FORMAT_S8C2_PLANAR = 77,
    PIXEL_FORMAT_S16C1 = 78,
    PIXEL_FORMAT_U8C1 = 79,
    PIXEL_FORMAT_U16C1 = 80,
    PIXEL_FORMAT_S32C1 = 81,
    PIXEL_FORMAT_U32C1 = 82,
    PIXEL_FORMAT_U64C1 = 83,
    PIXEL_FORMAT_S64C1 = 84,
    PIXEL_FORMAT_YUV_SEMIPLANAR_440 = 1000,
    PIXEL_FORMAT_YVU_SEMIPLANAR_440 = 1001,
    PIXEL_FORMAT_FLOAT32 = 1002,
    PIXEL_FORMAT_BUTT = 1003,
    PIXEL_FORMAT_UNKNOWN = 10000,
} acldvppPixelFormat;

/** Formats of encoded video.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef enum acldvppStreamFormat {
    H265_MAIN_LEVEL = 0,
    H264_BASELINE_LEVEL = 1,
    H264_MAIN_LEVEL = 2,
    H264_HIGH_LEVEL = 3,
} acldvppStreamFormat;

/** Parameters of a decoding channel.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef enum aclvdecChannelDescParamType {
    ACL_VDEC_CSC_MATRIX_UINT32 = 0,
    ACL_VDEC_OUT_MODE_UINT32 = 1,
    ACL_VDEC_THREAD_ID_UINT64 = 2,
    ACL_VDEC_CALLBACK_PTR = 3,
    ACL_VDEC_CHANNEL_ID_UINT32 = 4,
    ACL_VDEC_ENCODE_TYPE_UINT32 = 5,
    ACL_VDEC_OUT_PIC_FORMAT_UINT32 = 6,
    ACL_VDEC_OUT_PIC_WIDTH_UINT32 = 7,
    ACL_VDEC_OUT_PIC_HEIGHT_UINT32 = 8,
    ACL_VDEC_REF_FRAME_NUM_UINT32 = 9,
    ACL_VDEC_BIT_DEPTH_UINT32 = 10,
} aclvdecChannelDescParamType;

/** Parameters of an encoding channel.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef enum aclvencChannelDescParamType {
    ACL_VENC_THREAD_ID_UINT64 = 0,
    ACL_VENC_CALLBACK_PTR = 1,
    ACL_VENC_PIXEL_FORMAT_UINT32 = 2,
    ACL_VENC_ENCODE_TYPE_UINT32 = 3,
    ACL_VENC_PIC_WIDTH_UINT32 = 4,
    ACL_VENC_PIC_HEIGHT_UINT32 = 5,
    ACL_VENC_KEY_FRAME_INTERVAL_UINT32 = 6,
    ACL_VENC_BUF_ADDR_PTR = 7,
    ACL_VENC_BUF_SIZE_UINT32 = 8,
    ACL_VENC_RC_MODE_UINT32 = 9,
    ACL_VENC_SRC_RATE_UINT32 = 10,
    ACL_VENC_MAX_BITRATE_UINT32 = 11,
    ACL_VENC_MAX_IP_PROP_UINT32 = 12,
} aclvencChannelDescParamType;

/** Descriptions of several pictures.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef struct acldvppBatchPicDesc acldvppBatchPicDesc;
/** How borders are added to a picture.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef struct acldvppBorderConfig acldvppBorderConfig;
/** What a channel to the picture units is like.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef struct acldvppChannelDesc acldvppChannelDesc;
/** A histogram.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef struct acldvppHist acldvppHist;
/** How a JPEG picture is encoded.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef struct acldvppJpegeConfig acldvppJpegeConfig;
/** A table that maps values of a picture.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef struct acldvppLutMap acldvppLutMap;
/** A description of a picture in device memory.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef struct acldvppPicDesc acldvppPicDesc;
/** How a picture is scaled.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef struct acldvppResizeConfig acldvppResizeConfig;
/** An area of a picture.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef struct acldvppRoiConfig acldvppRoiConfig;
/** A piece of encoded video in device memory.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef struct acldvppStreamDesc acldvppStreamDesc;
/** What a channel to the video decoder is like.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef struct aclvdecChannelDesc aclvdecChannelDesc;
/** How one frame is decoded.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef struct aclvdecFrameConfig aclvdecFrameConfig;
/** What a channel to the video encoder is like.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef struct aclvencChannelDesc aclvencChannelDesc;
/** How one frame is encoded.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef struct aclvencFrameConfig aclvencFrameConfig;
/** Is called with what was sent to the decoder and the picture that came of it.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef void (*aclvdecCallback)(acldvppStreamDesc *, acldvppPicDesc *, void *);
/** Is called with a picture that was sent to the encoder and what came of it.
 *  For libacl_dvpp.so; since CANN 8.1 or earlier. */
typedef void (*aclvencCallback)(acldvppPicDesc *, acldvppStreamDesc *, void *);

/** Sets a histogram to zero.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppClearHist(acldvppHist *hist);
/** Makes descriptions of several pictures.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
acldvppBatchPicDesc *acldvppCreateBatchPicDesc(uint32_t batchSize);
/** Makes a setting of borders.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
acldvppBorderConfig *acldvppCreateBorderConfig(void);
/** Opens a channel to the picture units.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppCreateChannel(acldvppChannelDesc *channelDesc);
/** Makes a description of a channel.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
acldvppChannelDesc *acldvppCreateChannelDesc(void);
/** Makes a histogram.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
acldvppHist *acldvppCreateHist(void);
/** Makes a setting of JPEG encoding.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
acldvppJpegeConfig *acldvppCreateJpegeConfig(void);
/** Makes a table of values.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
acldvppLutMap *acldvppCreateLutMap(void);
/** Makes a description of a picture.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
acldvppPicDesc *acldvppCreatePicDesc(void);
/** Makes a setting of scaling.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
acldvppResizeConfig *acldvppCreateResizeConfig(void);
/** Makes an area.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
acldvppRoiConfig *acldvppCreateRoiConfig(uint32_t left, uint32_t right, uint32_t top, uint32_t bottom);
/** Makes a description of encoded video.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
acldvppStreamDesc *acldvppCreateStreamDesc(void);
/** Frees descriptions of several pictures.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppDestroyBatchPicDesc(acldvppBatchPicDesc *batchPicDesc);
/** Frees a setting of borders.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppDestroyBorderConfig(acldvppBorderConfig *borderConfig);
/** Closes a channel to the picture units.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppDestroyChannel(acldvppChannelDesc *channelDesc);
/** Frees a description of a channel.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppDestroyChannelDesc(acldvppChannelDesc *channelDesc);
/** Frees a histogram.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppDestroyHist(acldvppHist *hist);
/** Frees a setting of JPEG encoding.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppDestroyJpegeConfig(acldvppJpegeConfig *jpegeConfig);
/** Frees a table of values.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppDestroyLutMap(acldvppLutMap *lutMap);
/** Frees a description of a picture.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppDestroyPicDesc(acldvppPicDesc *picDesc);
/** Frees a setting of scaling.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppDestroyResizeConfig(acldvppResizeConfig *resizeConfig);
/** Frees an area.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppDestroyRoiConfig(acldvppRoiConfig *roiConfig);
/** Frees a description of encoded video.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppDestroyStreamDesc(acldvppStreamDesc *streamDesc);
/** Frees memory of the picture units.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppFree(void *devPtr);
/** Gives the kind of filling of a setting of borders.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
acldvppBorderType acldvppGetBorderConfigBorderType(const acldvppBorderConfig *borderConfig);
/** Gives the lower edge of a setting of borders.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t acldvppGetBorderConfigBottom(const acldvppBorderConfig *borderConfig);
/** Gives the left edge of a setting of borders.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t acldvppGetBorderConfigLeft(const acldvppBorderConfig *borderConfig);
/** Gives the right edge of a setting of borders.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t acldvppGetBorderConfigRight(const acldvppBorderConfig *borderConfig);
/** Gives the upper edge of a setting of borders.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t acldvppGetBorderConfigTop(const acldvppBorderConfig *borderConfig);
/** Gives the filling of one channel of a setting of borders.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
double acldvppGetBorderConfigValue(const acldvppBorderConfig *borderConfig, uint32_t index);
/** Gives the number of a channel.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint64_t acldvppGetChannelDescChannelId(const acldvppChannelDesc *channelDesc);
/** Gives a parameter of a channel by its name.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppGetChannelDescParam(const acldvppChannelDesc *channelDesc, acldvppChannelDescParamType paramType, size_t length, size_t *paramRetSize, void *param);
/** Gives the address of a histogram's counts.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppGetHistData(acldvppHist *hist, uint32_t dim, uint32_t **data, uint16_t *len);
/** Counts the channels of a histogram.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t acldvppGetHistDims(acldvppHist *hist);
/** Gives the result code of a histogram.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t acldvppGetHistRetCode(acldvppHist *hist);
/** Gives the quality of JPEG encoding.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t acldvppGetJpegeConfigLevel(const acldvppJpegeConfig *jpegeConfig);
/** Gives the table of one channel.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppGetLutMapData(const acldvppLutMap *lutMap, uint32_t dim, uint8_t **data, uint32_t *len);
/** Counts the channels of a table of values.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t acldvppGetLutMapDims(const acldvppLutMap *lutMap);
/** Gives one of several picture descriptions.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
acldvppPicDesc *acldvppGetPicDesc(acldvppBatchPicDesc *batchPicDesc, uint32_t index);
/** Gives the address of a picture.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
void *acldvppGetPicDescData(const acldvppPicDesc *picDesc);
/** Gives the format of a picture.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
acldvppPixelFormat acldvppGetPicDescFormat(const acldvppPicDesc *picDesc);
/** Gives the height of a picture.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t acldvppGetPicDescHeight(const acldvppPicDesc *picDesc);
/** Gives the height with padding of a picture.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t acldvppGetPicDescHeightStride(const acldvppPicDesc *picDesc);
/** Gives the result code of a picture.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t acldvppGetPicDescRetCode(const acldvppPicDesc *picDesc);
/** Gives the size in bytes of a picture.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t acldvppGetPicDescSize(const acldvppPicDesc *picDesc);
/** Gives the width of a picture.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t acldvppGetPicDescWidth(const acldvppPicDesc *picDesc);
/** Gives the width with padding of a picture.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t acldvppGetPicDescWidthStride(const acldvppPicDesc *picDesc);
/** Gives the method of scaling.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t acldvppGetResizeConfigInterpolation(const acldvppResizeConfig *resizeConfig);
/** Gives the address of encoded video.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
void *acldvppGetStreamDescData(const acldvppStreamDesc *streamDesc);
/** Gives the mark of the end of encoded video.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint8_t acldvppGetStreamDescEos(const acldvppStreamDesc *streamDesc);
/** Gives the format of encoded video.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
acldvppStreamFormat acldvppGetStreamDescFormat(const acldvppStreamDesc *streamDesc);
/** Gives the result code of encoded video.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t acldvppGetStreamDescRetCode(const acldvppStreamDesc *streamDesc);
/** Gives the size in bytes of encoded video.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t acldvppGetStreamDescSize(const acldvppStreamDesc *streamDesc);
/** Gives the time of encoded video.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint64_t acldvppGetStreamDescTimestamp(const acldvppStreamDesc *streamDesc);
/** Puts the decoding of a JPEG picture into a stream.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppJpegDecodeAsync(acldvppChannelDesc *channelDesc, const void *data, uint32_t size, acldvppPicDesc *outputDesc, aclrtStream stream);
/** Puts the encoding of a JPEG picture into a stream.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppJpegEncodeAsync(acldvppChannelDesc *channelDesc, acldvppPicDesc *inputDesc, const void *data, uint32_t *size, acldvppJpegeConfig *config, aclrtStream stream);
/** Reads size and components of a JPEG picture.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppJpegGetImageInfo(const void *data, uint32_t size, uint32_t *width, uint32_t *height, int32_t *components);
/** Reads size, components and subsampling of a JPEG picture.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppJpegGetImageInfoV2(const void *data, uint32_t size, uint32_t *width, uint32_t *height, int32_t *components, acldvppJpegFormat *format);
/** Gives the memory that a decoded JPEG picture takes.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppJpegPredictDecSize(const void *data, uint32_t dataSize, acldvppPixelFormat outputPixelFormat, uint32_t *decSize);
/** Gives the memory that an encoded JPEG picture may take.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppJpegPredictEncSize(const acldvppPicDesc *inputDesc, const acldvppJpegeConfig *config, uint32_t *size);
/** Allocates device memory that the picture units can reach.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppMalloc(void **devPtr, size_t size);
/** Allocates such memory, with attributes.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppMallocWithCfg(void **devPtr, size_t size, aclrtMemMallocPolicy policy, aclrtMallocConfig *cfg);
/** Puts the decoding of a PNG picture into a stream.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppPngDecodeAsync(acldvppChannelDesc *channelDesc, const void *data, uint32_t size, acldvppPicDesc *outputDesc, aclrtStream stream);
/** Reads size and components of a PNG picture.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppPngGetImageInfo(const void *data, uint32_t dataSize, uint32_t *width, uint32_t *height, int32_t *components);
/** Gives the memory that a decoded PNG picture takes.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppPngPredictDecSize(const void *data, uint32_t dataSize, acldvppPixelFormat outputPixelFormat, uint32_t *decSize);
/** Sets the kind of filling of a setting of borders.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetBorderConfigBorderType(acldvppBorderConfig *borderConfig, acldvppBorderType borderType);
/** Sets the lower edge of a setting of borders.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetBorderConfigBottom(acldvppBorderConfig *borderConfig, uint32_t bottom);
/** Sets the left edge of a setting of borders.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetBorderConfigLeft(acldvppBorderConfig *borderConfig, uint32_t left);
/** Sets the right edge of a setting of borders.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetBorderConfigRight(acldvppBorderConfig *borderConfig, uint32_t right);
/** Sets the upper edge of a setting of borders.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetBorderConfigTop(acldvppBorderConfig *borderConfig, uint32_t top);
/** Sets the filling of one channel of a setting of borders.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetBorderConfigValue(acldvppBorderConfig *borderConfig, uint32_t index, double value);
/** Says which units a channel is for.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetChannelDescMode(acldvppChannelDesc *channelDesc, uint32_t mode);
/** Sets a parameter of a channel by its name.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetChannelDescParam(acldvppChannelDesc *channelDesc, acldvppChannelDescParamType paramType, size_t length, const void *param);
/** Sets the quality of JPEG encoding.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetJpegeConfigLevel(acldvppJpegeConfig *jpegeConfig, uint32_t level);
/** Sets the address of a picture.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetPicDescData(acldvppPicDesc *picDesc, void *dataDev);
/** Sets the format of a picture.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetPicDescFormat(acldvppPicDesc *picDesc, acldvppPixelFormat format);
/** Sets the height of a picture.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetPicDescHeight(acldvppPicDesc *picDesc, uint32_t height);
/** Sets the height with padding of a picture.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetPicDescHeightStride(acldvppPicDesc *picDesc, uint32_t heightStride);
/** Sets the result code of a picture.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetPicDescRetCode(acldvppPicDesc *picDesc, uint32_t retCode);
/** Sets the size in bytes of a picture.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetPicDescSize(acldvppPicDesc *picDesc, uint32_t size);
/** Sets the width of a picture.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetPicDescWidth(acldvppPicDesc *picDesc, uint32_t width);
/** Sets the width with padding of a picture.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetPicDescWidthStride(acldvppPicDesc *picDesc, uint32_t widthStride);
/** Sets the method of scaling.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetResizeConfigInterpolation(acldvppResizeConfig *resizeConfig, uint32_t interpolation);
/** Sets all four edges of an area.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetRoiConfig(acldvppRoiConfig *config, uint32_t left, uint32_t right, uint32_t top, uint32_t bottom);
/** Sets the lower edge of an area.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetRoiConfigBottom(acldvppRoiConfig *config, uint32_t bottom);
/** Sets the left edge of an area.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetRoiConfigLeft(acldvppRoiConfig *config, uint32_t left);
/** Sets the right edge of an area.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetRoiConfigRight(acldvppRoiConfig *config, uint32_t right);
/** Sets the upper edge of an area.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetRoiConfigTop(acldvppRoiConfig *config, uint32_t top);
/** Sets the address of encoded video.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetStreamDescData(acldvppStreamDesc *streamDesc, void *dataDev);
/** Sets the mark of the end of encoded video.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetStreamDescEos(acldvppStreamDesc *streamDesc, uint8_t eos);
/** Sets the format of encoded video.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetStreamDescFormat(acldvppStreamDesc *streamDesc, acldvppStreamFormat format);
/** Sets the result code of encoded video.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetStreamDescRetCode(acldvppStreamDesc *streamDesc, uint32_t retCode);
/** Sets the size in bytes of encoded video.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetStreamDescSize(acldvppStreamDesc *streamDesc, uint32_t size);
/** Sets the time of encoded video.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppSetStreamDescTimestamp(acldvppStreamDesc *streamDesc, uint64_t timestamp);
/** Puts cutting out and pasting, for several pictures, into a stream.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppVpcBatchCropAndPasteAsync(acldvppChannelDesc *channelDesc, acldvppBatchPicDesc *srcBatchPicDescs, uint32_t *roiNums, uint32_t size, acldvppBatchPicDesc *dstBatchPicDescs, acldvppRoiConfig * cropAreas[], acldvppRoiConfig * pasteAreas[], aclrtStream stream);
/** Puts cutting out, for several pictures, into a stream.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppVpcBatchCropAsync(acldvppChannelDesc *channelDesc, acldvppBatchPicDesc *srcBatchPicDescs, uint32_t *roiNums, uint32_t size, acldvppBatchPicDesc *dstBatchPicDescs, acldvppRoiConfig * cropAreas[], aclrtStream stream);
/** Puts cutting out and scaling, for several pictures, into a stream.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppVpcBatchCropResizeAsync(acldvppChannelDesc *channelDesc, acldvppBatchPicDesc *srcBatchPicDescs, uint32_t *roiNums, uint32_t size, acldvppBatchPicDesc *dstBatchPicDescs, acldvppRoiConfig * cropAreas[], acldvppResizeConfig *resizeConfig, aclrtStream stream);
/** Puts cutting out, scaling and adding borders, for several pictures, into a stream.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppVpcBatchCropResizeMakeBorderAsync(acldvppChannelDesc *channelDesc, acldvppBatchPicDesc *srcBatchPicDescs, uint32_t *roiNums, uint32_t size, acldvppBatchPicDesc *dstBatchPicDescs, acldvppRoiConfig * cropAreas[], acldvppBorderConfig * borderCfgs[], acldvppResizeConfig *resizeConfig, aclrtStream stream);
/** Puts cutting out, scaling and pasting, for several pictures, into a stream.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppVpcBatchCropResizePasteAsync(acldvppChannelDesc *channelDesc, acldvppBatchPicDesc *srcBatchPicDescs, uint32_t *roiNums, uint32_t size, acldvppBatchPicDesc *dstBatchPicDescs, acldvppRoiConfig * cropAreas[], acldvppRoiConfig * pasteAreas[], acldvppResizeConfig *resizeConfig, aclrtStream stream);
/** Puts the counting of a picture's histogram into a stream.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppVpcCalcHistAsync(acldvppChannelDesc *channelDesc, acldvppPicDesc *srcPicDesc, acldvppHist *hist, void *reserve, aclrtStream stream);
/** Puts the conversion of a picture's pixel format into a stream.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppVpcConvertColorAsync(acldvppChannelDesc *channelDesc, acldvppPicDesc *inputDesc, acldvppPicDesc *outputDesc, aclrtStream stream);
/** Puts cutting out and pasting into a stream.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppVpcCropAndPasteAsync(acldvppChannelDesc *channelDesc, acldvppPicDesc *inputDesc, acldvppPicDesc *outputDesc, acldvppRoiConfig *cropArea, acldvppRoiConfig *pasteArea, aclrtStream stream);
/** Puts cutting out into a stream.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppVpcCropAsync(acldvppChannelDesc *channelDesc, acldvppPicDesc *inputDesc, acldvppPicDesc *outputDesc, acldvppRoiConfig *cropArea, aclrtStream stream);
/** Puts cutting out and scaling into a stream.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppVpcCropResizeAsync(acldvppChannelDesc *channelDesc, acldvppPicDesc *inputDesc, acldvppPicDesc *outputDesc, acldvppRoiConfig *cropArea, acldvppResizeConfig *resizeConfig, aclrtStream stream);
/** Puts cutting out, scaling and pasting into a stream.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppVpcCropResizePasteAsync(acldvppChannelDesc *channelDesc, acldvppPicDesc *inputDesc, acldvppPicDesc *outputDesc, acldvppRoiConfig *cropArea, acldvppRoiConfig *pasteArea, acldvppResizeConfig *resizeConfig, aclrtStream stream);
/** Puts the mapping of a picture's values by a table into a stream.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppVpcEqualizeHistAsync(const acldvppChannelDesc *channelDesc, const acldvppPicDesc *inputDesc, acldvppPicDesc *outputDesc, const acldvppLutMap *lutMap, aclrtStream stream);
/** Puts the adding of borders into a stream.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppVpcMakeBorderAsync(const acldvppChannelDesc *channelDesc, const acldvppPicDesc *inputDesc, acldvppPicDesc *outputDesc, const acldvppBorderConfig *borderConfig, aclrtStream stream);
/** Puts the making of ever smaller pictures into a stream.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppVpcPyrDownAsync(acldvppChannelDesc *channelDesc, acldvppPicDesc *inputDesc, acldvppPicDesc *outputDesc, void *reserve, aclrtStream stream);
/** Puts scaling into a stream.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError acldvppVpcResizeAsync(acldvppChannelDesc *channelDesc, acldvppPicDesc *inputDesc, acldvppPicDesc *outputDesc, acldvppResizeConfig *resizeConfig, aclrtStream stream);
/** Opens a channel to the video decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvdecCreateChannel(aclvdecChannelDesc *channelDesc);
/** Makes a description of a channel of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclvdecChannelDesc *aclvdecCreateChannelDesc(void);
/** Makes a setting for one frame of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclvdecFrameConfig *aclvdecCreateFrameConfig(void);
/** Closes a channel to the video decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvdecDestroyChannel(aclvdecChannelDesc *channelDesc);
/** Frees a description of a channel of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvdecDestroyChannelDesc(aclvdecChannelDesc *channelDesc);
/** Frees a setting for one frame of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvdecDestroyFrameConfig(aclvdecFrameConfig *vdecFrameConfig);
/** Gives the bits of a sample of a channel of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t aclvdecGetChannelDescBitDepth(const aclvdecChannelDesc *channelDesc);
/** Gives the callback of a channel of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclvdecCallback aclvdecGetChannelDescCallback(const aclvdecChannelDesc *channelDesc);
/** Gives the number of a channel of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t aclvdecGetChannelDescChannelId(const aclvdecChannelDesc *channelDesc);
/** Gives the coding of a channel of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
acldvppStreamFormat aclvdecGetChannelDescEnType(const aclvdecChannelDesc *channelDesc);
/** Gives the order of output of a channel of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t aclvdecGetChannelDescOutMode(const aclvdecChannelDesc *channelDesc);
/** Gives the pixel format of output of a channel of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
acldvppPixelFormat aclvdecGetChannelDescOutPicFormat(const aclvdecChannelDesc *channelDesc);
/** Gives the height of output of a channel of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t aclvdecGetChannelDescOutPicHeight(const aclvdecChannelDesc *channelDesc);
/** Gives the width of output of a channel of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t aclvdecGetChannelDescOutPicWidth(const aclvdecChannelDesc *channelDesc);
/** Gives a parameter of a decoding channel by its name.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvdecGetChannelDescParam(const aclvdecChannelDesc *channelDesc, aclvdecChannelDescParamType paramType, size_t length, size_t *paramRetSize, void *param);
/** Gives the number of reference frames of a channel of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t aclvdecGetChannelDescRefFrameNum(const aclvdecChannelDesc *channelDesc);
/** Gives the thread that runs the callback of a channel of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint64_t aclvdecGetChannelDescThreadId(const aclvdecChannelDesc *channelDesc);
/** Sends an encoded frame to the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvdecSendFrame(aclvdecChannelDesc *channelDesc, acldvppStreamDesc *input, acldvppPicDesc *output, aclvdecFrameConfig *config, void *userData);
/** Sends a frame that is decoded and not put out.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvdecSendSkippedFrame(aclvdecChannelDesc *channelDesc, acldvppStreamDesc *input, aclvdecFrameConfig *config, void *userData);
/** Sets the bits of a sample of a channel of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvdecSetChannelDescBitDepth(aclvdecChannelDesc *channelDesc, uint32_t bitDepth);
/** Sets the callback of a channel of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvdecSetChannelDescCallback(aclvdecChannelDesc *channelDesc, aclvdecCallback callback);
/** Sets the number of a channel of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvdecSetChannelDescChannelId(aclvdecChannelDesc *channelDesc, uint32_t channelId);
/** Sets the coding of a channel of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvdecSetChannelDescEnType(aclvdecChannelDesc *channelDesc, acldvppStreamFormat enType);
/** Sets the order of output of a channel of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvdecSetChannelDescOutMode(aclvdecChannelDesc *channelDesc, uint32_t outMode);
/** Sets the pixel format of output of a channel of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvdecSetChannelDescOutPicFormat(aclvdecChannelDesc *channelDesc, acldvppPixelFormat outPicFormat);
/** Sets the height of output of a channel of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvdecSetChannelDescOutPicHeight(aclvdecChannelDesc *channelDesc, uint32_t outPicHeight);
/** Sets the width of output of a channel of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvdecSetChannelDescOutPicWidth(aclvdecChannelDesc *channelDesc, uint32_t outPicWidth);
/** Sets a parameter of a decoding channel by its name.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvdecSetChannelDescParam(aclvdecChannelDesc *channelDesc, aclvdecChannelDescParamType paramType, size_t length, const void *param);
/** Sets the number of reference frames of a channel of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvdecSetChannelDescRefFrameNum(aclvdecChannelDesc *channelDesc, uint32_t refFrameNum);
/** Sets the thread that runs the callback of a channel of the decoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvdecSetChannelDescThreadId(aclvdecChannelDesc *channelDesc, uint64_t threadId);
/** Opens a channel to the video encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvencCreateChannel(aclvencChannelDesc *channelDesc);
/** Makes a description of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclvencChannelDesc *aclvencCreateChannelDesc(void);
/** Makes a setting for one frame of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclvencFrameConfig *aclvencCreateFrameConfig(void);
/** Closes a channel to the video encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvencDestroyChannel(aclvencChannelDesc *channelDesc);
/** Frees a description of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvencDestroyChannelDesc(aclvencChannelDesc *channelDesc);
/** Frees a setting for one frame of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvencDestroyFrameConfig(aclvencFrameConfig *config);
/** Gives the address of the output buffer of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
void *aclvencGetChannelDescBufAddr(const aclvencChannelDesc *channelDesc);
/** Gives the size of the output buffer of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t aclvencGetChannelDescBufSize(const aclvencChannelDesc *channelDesc);
/** Gives the callback of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclvencCallback aclvencGetChannelDescCallback(const aclvencChannelDesc *channelDesc);
/** Gives the number of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t aclvencGetChannelDescChannelId(const aclvencChannelDesc *channelDesc);
/** Gives the coding of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
acldvppStreamFormat aclvencGetChannelDescEnType(const aclvencChannelDesc *channelDesc);
/** Gives the distance of key frames of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t aclvencGetChannelDescKeyFrameInterval(const aclvencChannelDesc *channelDesc);
/** Gives the largest bit rate of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t aclvencGetChannelDescMaxBitRate(const aclvencChannelDesc *channelDesc);
/** Gives a parameter of an encoding channel by its name.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvencGetChannelDescParam(const aclvencChannelDesc *channelDesc, aclvencChannelDescParamType paramType, size_t length, size_t *paramRetSize, void *param);
/** Gives the pixel format of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
acldvppPixelFormat aclvencGetChannelDescPicFormat(const aclvencChannelDesc *channelDesc);
/** Gives the height of pictures of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t aclvencGetChannelDescPicHeight(const aclvencChannelDesc *channelDesc);
/** Gives the width of pictures of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t aclvencGetChannelDescPicWidth(const aclvencChannelDesc *channelDesc);
/** Gives the control of the bit rate of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t aclvencGetChannelDescRcMode(const aclvencChannelDesc *channelDesc);
/** Gives the frame rate of the source of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint32_t aclvencGetChannelDescSrcRate(const aclvencChannelDesc *channelDesc);
/** Gives the thread that runs the callback of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint64_t aclvencGetChannelDescThreadId(const aclvencChannelDesc *channelDesc);
/** Gives the mark of the end of a frame of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint8_t aclvencGetFrameConfigEos(const aclvencFrameConfig *config);
/** Gives whether it becomes a key frame of a frame of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
uint8_t aclvencGetFrameConfigForceIFrame(const aclvencFrameConfig *config);
/** Sends a picture to the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvencSendFrame(aclvencChannelDesc *channelDesc, acldvppPicDesc *input, void *reserve, aclvencFrameConfig *config, void *userdata);
/** Sets the address of the output buffer of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvencSetChannelDescBufAddr(aclvencChannelDesc *channelDesc, void *bufAddr);
/** Sets the size of the output buffer of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvencSetChannelDescBufSize(aclvencChannelDesc *channelDesc, uint32_t bufSize);
/** Sets the callback of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvencSetChannelDescCallback(aclvencChannelDesc *channelDesc, aclvencCallback callback);
/** Sets the coding of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvencSetChannelDescEnType(aclvencChannelDesc *channelDesc, acldvppStreamFormat enType);
/** Sets the distance of key frames of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvencSetChannelDescKeyFrameInterval(aclvencChannelDesc *channelDesc, uint32_t keyFrameInterval);
/** Sets the largest bit rate of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvencSetChannelDescMaxBitRate(aclvencChannelDesc *channelDesc, uint32_t maxBitRate);
/** Sets a parameter of an encoding channel by its name.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvencSetChannelDescParam(aclvencChannelDesc *channelDesc, aclvencChannelDescParamType paramType, size_t length, const void *param);
/** Sets the pixel format of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvencSetChannelDescPicFormat(aclvencChannelDesc *channelDesc, acldvppPixelFormat picFormat);
/** Sets the height of pictures of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvencSetChannelDescPicHeight(aclvencChannelDesc *channelDesc, uint32_t picHeight);
/** Sets the width of pictures of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvencSetChannelDescPicWidth(aclvencChannelDesc *channelDesc, uint32_t picWidth);
/** Sets the control of the bit rate of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvencSetChannelDescRcMode(aclvencChannelDesc *channelDesc, uint32_t rcMode);
/** Sets the frame rate of the source of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvencSetChannelDescSrcRate(aclvencChannelDesc *channelDesc, uint32_t srcRate);
/** Sets the thread that runs the callback of a channel of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvencSetChannelDescThreadId(aclvencChannelDesc *channelDesc, uint64_t threadId);
/** Sets the mark of the end of a frame of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvencSetFrameConfigEos(aclvencFrameConfig *config, uint8_t eos);
/** Sets whether it becomes a key frame of a frame of the encoder.
 *  In libacl_dvpp.so; since CANN 8.1 or earlier. */
aclError aclvencSetFrameConfigForceIFrame(aclvencFrameConfig *config, uint8_t forceIFrame);

#ifdef __cplusplus
}
#endif

#endif

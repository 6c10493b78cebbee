// The library in Node; browser.ts is the part of this list that a page can import.

import { from } from "./data/arrays.js";
import { avatars } from "./data/avatars.js";
import { bimodal } from "./data/bimodal.js";
import { patterns } from "./data/binary-patterns.js";
import { deadLeaves } from "./data/dead-leaves.js";
import { designs } from "./data/designs.js";
import { factors } from "./data/factors.js";
import { galaxies } from "./data/galaxies.js";
import { letters } from "./data/letters.js";
import { mixture4d } from "./data/mixture.js";
import { mugs } from "./data/mugs.js";
import { nothing } from "./data/nothing.js";
import { openData } from "./data/open.js";
import { pairs } from "./data/pairs.js";
import { blobs, checkerboard, spirals } from "./data/patterns.js";
import { grid, moons, ring } from "./data/points.js";
import { portraits } from "./data/portraits.js";
import { products } from "./data/products.js";
import { scenes } from "./data/scenes.js";
import { shapes } from "./data/shapes.js";
import { stacked } from "./data/stacked.js";
import { split } from "./data/table/split.js";
import { textures } from "./data/textures.js";
import { twoGaussians } from "./data/two-gaussians.js";
import { writeData } from "./data/write.js";

// Data: sets that need no files, and pictures from folders and archives

export type { Dataset, Modes } from "./data/dataset.js";
export { type FitsPicture, readFits } from "./data/files/fits.js";
export { readTexture, type Texture, type TextureFormat } from "./data/files/texture.js";
export type { DataOptions } from "./data/open.js";
export { type BrokenRules, brokenRules } from "./data/scenes-rules.js";
export { type FitsOptions, type FitsValues, writeFits } from "./data/write/fits.js";
export { type TextureOptions, writeTexture } from "./data/write/texture.js";
export {
  type BicubicOptions,
  matlabBicubic,
  type PictureValues,
  type Resized,
} from "./shape/bicubic.js";
export type { Column } from "./shape/column.js";
export {
  type Components,
  type ComponentsOptions,
  components,
  holesIn,
} from "./shape/components.js";
export { type EdgesOptions, edgesOf } from "./shape/edges.js";
export { type FluxValues, fluxOf, fluxRange, stretched } from "./shape/flux.js";
export { type ItemFile, type ItemStore, inMemory, readItems } from "./shape/items.js";
export type { Legend, LegendEntry } from "./shape/legend.js";
export { seeingKernel } from "./shape/seeing.js";

/** Data sets by name, `open` for those that lie in files, and `write`. */
export const data = {
  ring,
  grid,
  moons,
  checkerboard,
  spirals,
  blobs,
  bimodal,
  mixture4d,
  avatars,
  designs,
  mugs,
  patterns,
  portraits,
  products,
  letters,
  factors,
  deadLeaves,
  galaxies,
  textures,
  scenes,
  shapes,
  stacked,
  nothing,
  pairs,
  split,
  twoGaussians,
  from,
  open: openData,
  write: writeData,
} as const;

// Runs: training with a folder that explains itself, and what can be made of it

export { diagnose, type Report } from "./doctor/diagnose.js";
export type { Diagnosis, Evidence, Illness, Remedy } from "./doctor/diagnosis.js";
export { RunHistory } from "./doctor/history.js";
export type { Hypers, RunHyper } from "./doctor/remedies.js";
export type { Signs } from "./doctor/signs.js";
export type { Canvas } from "./portrait/painter.js";
export { type Portrait, type PortraitOptions, portrait } from "./portrait/portrait.js";
export { examineRun } from "./run/examine.js";
export { exportGenerator } from "./run/export.js";
export { type FeaturesFile, openFeatures } from "./run/features.js";
export {
  type FeaturesFromOptions,
  type FeaturesRead,
  featuresFrom,
  type OpenFeaturesOptions,
} from "./run/features-read.js";
export { type FillOptions, fill } from "./run/fill.js";
export { readRecord } from "./run/folder.js";
export { type Generated, type GenerateOptions, generate } from "./run/generate.js";
export { readEvents } from "./run/log.js";
export { type LpipsFiles, openLpips } from "./run/lpips.js";
export { type ExportFormat, type Run, type TrainOptions, train } from "./run/train.js";
export { type TranslatorOptions, translate } from "./run/translate.js";
export { type Served, type ServeOptions, serve } from "./serve/serve.js";

// Pictures made larger

export { planUpscale, upscale } from "./upscale/job.js";
export type {
  PlannedTexture,
  TextureResult,
  UpscalePlan,
  UpscaleReport,
} from "./upscale/job-report.js";
export type { TextureUpscaleOptions, UpscaleProgress } from "./upscale/job-settings.js";
export { openUpscaler, type UpscalerOptions } from "./upscale/open.js";
export type { MadeRows, PictureRows } from "./upscale/picture.js";
export type { Planes, UpscaleOptions, Upscaler } from "./upscale/upscaler.js";

// Systems, and how to define one

export type { Conclusion, Figure, Given, Look, Outcome, Series } from "./game/conclusion.js";
export { type DataDescription, type Draw, normal, uniform } from "./game/draws.js";
export {
  type Deed,
  type Environment,
  environment,
  type Moment,
  type Rollout,
  type Trajectory,
  type World,
} from "./game/environment.js";
export { choice, count, type HyperParameter, real, settle } from "./game/hyper.js";
export { network, tensor } from "./game/network.js";
export { type ObserveOptions, observe } from "./game/observe.js";
export type {
  Average,
  Citation,
  Definition,
  Departure,
  Phase,
  Player,
  Preset,
  System,
  Terms,
} from "./game/system.js";
export { defineSystem } from "./game/system.js";
export { type Degraded, type DegradedFlux, degrade, type Sky } from "./zoo/galaxygan/degrade.js";
export { zoo } from "./zoo/index.js";
export { type TuringLearningOptions, turingLearning } from "./zoo/turing-learning.js";

// Looking at a system, and playing it

export { costOf } from "./game/cost.js";
export { bibtexOf, describe, sectionsOf, textOf } from "./game/describe.js";
export type {
  Beliefs,
  Beside,
  Card,
  CardSheet,
  CheckupEvent,
  ConclusionEvent,
  RoundEvent,
  RunEvent,
  SamplesEvent,
  Score,
  ScoresEvent,
  ShownFigure,
  StartedEvent,
  StoppedEvent,
  VerdictsEvent,
} from "./game/events.js";
export { alone } from "./game/exchange.js";
export { initialState } from "./game/initial-state.js";
export { play } from "./game/play.js";
export { Replica } from "./game/replica.js";
export { trace } from "./game/trace.js";

// Judging what is made

export {
  type AttributeProbe,
  type AttributeProbeOptions,
  attributeProbe,
} from "./metrics/attribute-probe.js";
export {
  type BlindlyFound,
  type BlindOptions,
  blindDeconvolution,
} from "./metrics/blind-deconvolution.js";
export { boundaryF1 } from "./metrics/boundary.js";
export {
  type ClassifiedData,
  type Classifier,
  type ClassifierOptions,
  openClassifier,
  trainClassifier,
} from "./metrics/classifier.js";
export {
  type ClumpOptions,
  type Finds,
  f1Of,
  findClumps,
  matchPlaces,
  type PlaceInPicture,
} from "./metrics/clumps.js";
export { type CodeScores, codeScores, pairwiseInformation } from "./metrics/codes.js";
export { type EdgeAgreement, type EdgeF1Options, edgeF1 } from "./metrics/edges.js";
export { energyDistance } from "./metrics/energy.js";
export { type Agreement, agreement, rankCorrelation } from "./metrics/ensemble.js";
export {
  type FeatureDistanceOptions,
  featureDistance,
  type PictureDistance,
} from "./metrics/feature-distance.js";
export { type Features, type Items, randomFeatures } from "./metrics/features.js";
export { type OnnxFeatureOptions, onnxFeatures } from "./metrics/features-onnx.js";
export type { ResizeFilter } from "./metrics/features-resize.js";
export type { PixelRange } from "./metrics/features-socket.js";
export { frechetDistance, type Moments, moments } from "./metrics/frechet.js";
export { type ArmPlaces, armContrast, fluxBias } from "./metrics/galaxies.js";
export { inceptionScore, type SplitScore } from "./metrics/inception-score.js";
export {
  type LegendOption,
  labelsIn,
  type MapOptions,
  type Overlap,
  overlap,
} from "./metrics/iou.js";
export { type JudgedData, type JudgeOptions, judge, samplesToJudge } from "./metrics/judge.js";
export { type ClassShares, classScores, classShares } from "./metrics/judge-classes.js";
export { type Inception, judgeByInception, openInception } from "./metrics/judge-inception.js";
export { judgeStacked } from "./metrics/judge-stacked.js";
export { type KernelDistance, kernelMmd, kid } from "./metrics/kid.js";
export {
  type LinearSeparability,
  type LinearSeparabilityOptions,
  linearSeparability,
} from "./metrics/linear-separability.js";
export { type LpipsOptions, lpips } from "./metrics/lpips.js";
export { type BesideHeldOut, type Memorization, memorization } from "./metrics/memorization.js";
export { conditionalMixture, type GaussianMixture, mixtureMoments } from "./metrics/mixture.js";
export { type KnownModes, type ModeCoverage, modeCoverage } from "./metrics/modes.js";
export { type Neighbours, nearest } from "./metrics/neighbours.js";
export { type PathLength, perceptualPathLength } from "./metrics/perceptual-path.js";
export type { RangeOptions } from "./metrics/pictures-pair.js";
export { pixelFeatures } from "./metrics/pixels.js";
export { type Prdc, prdc } from "./metrics/prdc.js";
export { psnr } from "./metrics/psnr.js";
export {
  type FieldFit,
  fitFields,
  limitOfChance,
  matchingWidth,
  neighbourCorrelation,
  type Places,
  randomFields,
} from "./metrics/receptive-fields.js";
export { type RichardsonLucyOptions, richardsonLucy } from "./metrics/richardson-lucy.js";
export {
  energyAbove,
  powerSpectrum,
  type Spectrum,
  type SpectrumOptions,
  spectrumError,
} from "./metrics/spectrum.js";
export { type SsimOptions, ssim } from "./metrics/ssim.js";
export { type StackedModes, stackedModes } from "./metrics/stacked-modes.js";
export { type ClassStructure, type Structure, structure } from "./metrics/structure.js";
export { judgeMaps } from "./metrics/structure-judge.js";
export { type LumaOptions, luma, psnrY, ssimY } from "./metrics/super-resolution.js";
export { type WienerOptions, wiener } from "./metrics/wiener.js";

// Figures: pictures that explain, as SVG

export { type FigureOptions, figure } from "./figure/figure.js";
export type { Axis, Ink, Mark, Numbers } from "./figure/marks.js";
export type { Panel } from "./figure/panels.js";
export { type TwoSampleOptions, type TwoSamples, twoSampleAuc } from "./metrics/two-sample.js";

// Layers

export { elu, gelu, logSoftmax, silu, softmax } from "./nn/activations.js";
export { type AdaptiveInstanceNormOptions, adaptiveInstanceNorm } from "./nn/adain.js";
export { selfAttention } from "./nn/attention.js";
export { discriminativeBasis, generativeBasis } from "./nn/basis.js";
export { batchNorm } from "./nn/batch-norm.js";
export { type CircularFields, circularFields, seenThrough } from "./nn/circular-fields.js";
export { conditionalBatchNorm } from "./nn/conditional-batch-norm.js";
export { conv, conv1d, conv3d, deconv, deconv1d, deconv3d } from "./nn/convolution.js";
export { dropout, dropsFrom } from "./nn/dropout.js";
export { embedding } from "./nn/embedding.js";
export { equalized } from "./nn/equalized.js";
export {
  type FeaturesDefinition,
  type FrozenNetwork,
  features,
  type KnownTensor,
  type Perception,
} from "./nn/features.js";
export { type RandomVggOptions, randomVgg } from "./nn/features-random.js";
export { type Colours, imagenetColours } from "./nn/features-sequence.js";
export { torchvisionAlexNet, torchvisionVgg, type WeightsFile } from "./nn/features-torchvision.js";
export { type VggLayout, type VggOptions, vgg, vgg19Layout, vggShapes } from "./nn/features-vgg.js";
export { gaussianNoise } from "./nn/gaussian-noise.js";
export { gram, gramOfPatches, type PatchOptions } from "./nn/gram.js";
export { halvings } from "./nn/halvings.js";
export { historicalAveraging } from "./nn/history.js";
export {
  between,
  filled,
  interpolating,
  kaiming,
  normalWith,
  orthogonal,
  scaledUniform,
  truncatedNormal,
  xavierNormal,
  xavierUniform,
} from "./nn/initializers.js";
export { interpolated, type Weights } from "./nn/interpolated.js";
export { joinCondition } from "./nn/join-condition.js";
export { chain, fromFunction, type Layer, residual, type Step } from "./nn/layer.js";
export { classesOf, coloursOf } from "./nn/legend.js";
export { linear, unflatten } from "./nn/linear.js";
export { linearEach, others } from "./nn/linear-each.js";
export { type MappingOptions, mappingNetwork } from "./nn/mapping.js";
export { meansApart, ofAnyClass } from "./nn/matching.js";
export { maxout } from "./nn/maxout.js";
export { minibatchDeviation, minibatchDiscrimination } from "./nn/minibatch.js";
export { noisyLinear } from "./nn/noisy-linear.js";
export { groupNorm, instanceNorm, layerNorm, pixelNorm } from "./nn/norms.js";
export {
  type PatchDiscriminatorOptions,
  type PatchField,
  patchDiscriminator,
} from "./nn/patch-discriminator.js";
export { averagePooling, globalAverage, globalSum, maxPooling } from "./nn/pools.js";
export { type ElmanSizes, type Elmans, elman, elmanSize, elmans } from "./nn/population.js";
export { projection } from "./nn/projection.js";
export { type Pyramid, pyramid } from "./nn/pyramid.js";
export { gru, gruCell, rnn, rnnCell } from "./nn/recurrent.js";
export { upsample } from "./nn/resample.js";
export {
  doublingConv,
  halvingConv,
  type ResamplingConvOptions,
} from "./nn/resampling-convolution.js";
export { type ResizedOptions, type ResizeKernel, resized, resizeKernels } from "./nn/resized.js";
export { type RrdbOptions, rrdbNet } from "./nn/rrdb.js";
export { runningMean } from "./nn/running-mean.js";
export { spectralNorm } from "./nn/spectral-norm.js";
export { styleEpilogue } from "./nn/style-epilogue.js";
export { type UNetOptions, uNet, uNetDepth, uNetDrops, uNetWidths } from "./nn/u-net.js";
export { virtualBatchNorm } from "./nn/virtual-batch-norm.js";
export { weightNorm } from "./nn/weight-norm.js";

// Losses, penalties, learners, schedules, augmentation

export { bestResponse } from "./game/learners/best-response.js";
export { type ConvexLearner, convex } from "./game/learners/convex.js";
export { evolution } from "./game/learners/evolution.js";
export { lbfgs } from "./game/learners/lbfgs.js";
export type { Learner, SearchLearner } from "./game/learners/search.js";
export { augment, augmentationNumbers, policies } from "./nn/augmentation.js";
export { clipGradientNorm, clipGradients, clipWeights } from "./nn/clipping.js";
export { feedback, overfitting } from "./nn/feedback.js";
export {
  clearlyFake,
  clearlyReal,
  crossEntropy,
  exceeds,
  matches,
  relativeTo,
  saysFake,
  saysReal,
  scoresHigh,
  scoresLow,
} from "./nn/losses.js";
export { type MaskKind, type MaskOptions, maskFrom, maskNumbers } from "./nn/masks.js";
export { adam, adamW, type Clock, type GradientLearner, rmsprop, sgd } from "./nn/optimizers.js";
export {
  gradientNorm,
  gradientSquaredNorm,
  lerp,
  pathLengths,
  perturb,
  squaredDistance,
} from "./nn/penalties.js";
export { cosineFrom, linearFrom, type Schedule, stepsFrom, warmedUp } from "./nn/schedules.js";

// Tensors

export { convolution, transposedConvolution } from "./tensor/convolution.js";
export { gradients } from "./tensor/gradients.js";
export {
  abs,
  and,
  argMax,
  broadcast,
  cast,
  clamp,
  concatenate,
  cos,
  detach,
  equal,
  exp,
  flatten,
  floor,
  gather,
  greater,
  leakyRelu,
  less,
  log,
  logSigmoid,
  logSumExp,
  matmul,
  max,
  maximum,
  mean,
  min,
  minimum,
  negate,
  not,
  ones,
  or,
  pad,
  power,
  reciprocal,
  relu,
  reshape,
  reverse,
  scatterAdd,
  select,
  sigmoid,
  sign,
  sin,
  slice,
  softplus,
  sqrt,
  square,
  stack,
  sum,
  tanh,
  transpose,
  zeros,
} from "./tensor/operations.js";
export {
  averagePool,
  blur,
  maxPool,
  pad2d,
  pixelShuffle,
  pixelUnshuffle,
  resize,
} from "./tensor/pictures.js";
export { constant, input, Tensor } from "./tensor/tensor.js";

// Graphs as ONNX models, and devices to run them on

export {
  type ApplyOptions,
  type ImportedInput,
  type ImportedModel,
  type ImportOptions,
  importOnnx,
} from "./onnx/import/import.js";
export { lower } from "./onnx/lower.js";
export { compute } from "./runtime/compute.js";
export { type DeviceName, openSession } from "./runtime/device.js";
export { Memory } from "./runtime/memory.js";

// Shapes, chance and errors

export { axes } from "./shape/axes.js";
export { BelamyError, ConfigurationError, DataError, ShapeError } from "./shape/error.js";
export { Random } from "./shape/random.js";
export { formatShape, type Shape, sizeOf } from "./shape/shape.js";

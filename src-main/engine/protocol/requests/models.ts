import type { Size } from '../../../common/geometry.ts';
import type { Preprocessing } from '../../../methods/extractors/backbone.ts';
import type { ModelInput, Normalization } from '../../../methods/extractors/model-input.ts';
import type { TokenLayout } from '../../../methods/extractors/token-map.ts';
import type { NetworkGraph } from '../../../methods/networks/network-map.ts';
import type { WantedOutputs } from '../../../methods/networks/network-outputs.ts';
import type { ImageDeclaration, Layout } from '../../../models/onnx/image-declaration.ts';
import type { BuiltGraph, LayerSelection, Precision } from '../../../models/networks/network.ts';

/** A graph file, and how images are prepared for it. */
type ProbedGraph = { file: string } & Preprocessing;

/** Requests that read models and try them. */
export interface ModelRequests {
  /** Reads a model file and writes the graph of the requested layer or network to the file `to`. */
  readModel: {
    request: { path: string; to: string } & (
      | { layer: string | undefined; layout?: Layout | undefined }
      /** A network that computes anomaly maps: all its outputs. */
      | { map: true; layout?: Layout | undefined }
      /** A network that is built from the weights of a checkpoint. */
      | ({ network: string; precision: Precision } & LayerSelection)
    );
    response: {
      /** Size and SHA-256 of the written graph. */
      bytes: number;
      sha256: string;
      /** SHA-256 of the file that was read. */
      sourceSha256: string;
      /** What the graph itself does; absent if Perch did not build it. */
      built?: BuiltGraph;
      /** The input of an ONNX file, as the file declares it. */
      input?: ImageDeclaration;
      /** The operators that first compute with the pixels, in a network that computes anomaly maps. */
      firstOperations?: string[];
    };
  };
  /** Runs a graph on test images before it is added as an extractor. Compares its features with those of `exact`, if given. */
  probeModel: {
    request: { graph: ProbedGraph; exact?: ProbedGraph };
    response: { channels: number; stride: number; deviation?: { largest: number; mean: number } };
  };
  /** Finds the tokens of patches in the output of a transformer, before it is added as an extractor. */
  findTokens: {
    request: {
      file: string;
      input?: ModelInput;
      normalization: Normalization | null;
      /** The only size of images that the graph takes, if it does not take all. */
      size?: Size;
      /** What the user knows of the tokens. */
      leading?: number;
      grid?: Size;
    };
    response: { tokens: TokenLayout; multiple?: number };
  };
  /** Runs a network on test images before it is imported, and finds its outputs. */
  probeNetwork: {
    request: { file: string; graph: NetworkGraph; wanted: WantedOutputs };
    response: {
      outputs: { map: string; score: string | null };
      /** Sides of images must be multiples of it. */
      multiple: number;
      /** Time of a run, per pixel of the input. */
      secondsPerPixel: number;
      /** Whether all scores of the map of a textured image are equal. */
      isConstant: boolean;
    };
  };
}

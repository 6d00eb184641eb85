import { describe, expect, it } from 'vitest';
import { metricName, paperMetrics as schema } from '../../common/api/evaluation.ts';
import { paperColumns, paperMetrics } from './paper.ts';

/** Means in Tables 3 and 4 of the paper that differ from the means of its classes in Table 6. */
const NOT_THE_MEAN = ['MVTec AD/Ours 320 + k-NN/auPro', 'DTD-Synthetic/Aota et al./auroc'];

/** The paper rounds the classes and their mean to a hundredth. */
const ROUNDING = 0.01 + 1e-9;

const classOf = (textureClass: string, images: number) => ({
  textureClass,
  images,
  train: 0,
  unmasked: 0,
  masked: images,
  normal: 0,
  unknown: 0,
});

describe("the paper's metrics", () => {
  it('match the contract, use metrics that Perch knows, and are percentages', () => {
    expect(schema.parse(paperMetrics)).toEqual(paperMetrics);
    const cells = Object.values(paperMetrics).flatMap(Object.values).flatMap(Object.values);
    for (const cell of cells) {
      for (const [metric, percent] of Object.entries(cell as Record<string, number>)) {
        expect(metricName.options).toContain(metric);
        expect(percent).toBeGreaterThan(0);
        expect(percent).toBeLessThan(100);
      }
    }
  });

  it('cover every class of Table 6', () => {
    const classes = Object.values(paperMetrics).map((dataset) => Object.keys(dataset).length - 1);
    expect(classes).toEqual([5, 12, 2, 7]);
  });

  it('equal the means of the classes, except for two that the paper prints differently', () => {
    const off: string[] = [];
    for (const [dataset, { mean, ...classes }] of Object.entries(paperMetrics)) {
      for (const [system, cell] of Object.entries(mean)) {
        for (const [metric, printed] of Object.entries(cell)) {
          const values = Object.values(classes).map((systems) => systems[system]?.[metric]);
          if (values.includes(undefined as never)) continue;
          const plain = values.reduce((sum, value) => sum + value, 0) / values.length;
          if (Math.abs(plain - printed) > ROUNDING) off.push(`${dataset}/${system}/${metric}`);
        }
      }
    }
    expect(off).toEqual(NOT_THE_MEAN);
  });

  it('are found for a dataset of the paper, regardless of its class names', () => {
    const aitex = paperColumns({ layout: 'aitex', classes: [classOf('00', 3), classOf('06', 1)] });
    expect(aitex?.dataset).toBe('Aitex');
    expect(aitex?.at('00', 'Ours')).toEqual({ auPro: 78, auroc: 95.08, f1Max: 49.41 });
    expect(aitex?.at('06', 'Aota et al.')?.auPro).toBe(99.98);
    expect(aitex?.at('07', 'Ours')).toBeUndefined();
    expect(aitex?.mean('Ours')?.auPro).toBe(91.07);
    const mvtec = paperColumns({ layout: 'mvtec', classes: [classOf('tile', 117), classOf('wood', 79)] });
    expect(mvtec?.at('wood', 'Ours')?.auroc).toBe(98.22);
  });

  it('are not found for another dataset with the same class names', () => {
    expect(paperColumns({ layout: 'mvtec', classes: [classOf('tile', 180)] })).toBeUndefined();
    expect(
      paperColumns({ layout: 'mvtec', classes: [classOf('carpet', 7), classOf('weave', 7)] }),
    ).toBeUndefined();
    expect(paperColumns({ layout: 'folder', classes: [classOf('carpet', 117)] })).toBeUndefined();
  });
});

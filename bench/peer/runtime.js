// Runs ONNX models by ONNX Runtime and prints "FILE<tab>ERROR" for each: the largest difference to the logits of NAME.logits, as a
// share of the largest logit. usage: node runtime.js FOLDER FILE ...
const fs = require('fs');
const path = require('path');
const ort = require('onnxruntime-node');

const floats = file => {
    const bytes = fs.readFileSync(file);
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};

(async () => {
    const [folder, ...files] = process.argv.slice(2);
    for (const file of files) {
        const stem = path.join(folder, path.basename(file).split('.')[0]);
        const [images, expected] = [floats(`${stem}.images`), floats(`${stem}.logits`)];
        const size = Math.sqrt(images.length / 6);
        const session = await ort.InferenceSession.create(path.join(folder, file), { logSeverityLevel: 3 });
        const results = await session.run({ [session.inputNames[0]]: new ort.Tensor('float32', images, [2, 3, size, size]) });
        const found = results[session.outputNames[0]].data;
        let [error, largest] = [found.length === expected.length ? 0 : Infinity, 0];
        expected.forEach((value, i) => {
            error = Math.max(error, Math.abs(found[i] - value));
            largest = Math.max(largest, Math.abs(value));
        });
        console.log(`${file}\t${(error / largest).toExponential(1)}`);
    }
})().catch(error => {
    console.error(error.message);
    process.exit(1);
});
